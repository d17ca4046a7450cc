import autocannon from 'autocannon';

export interface Plan {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** Milliseconds, as the others: medians of the rounds. */
  readonly p50: number;
  readonly p99: number;
}

interface Request {
  readonly url: string;
  readonly body: string;
  /** Headers of one request: each is signed anew, for both servers, so that both generators do the same work. */
  readonly sign: () => Record<string, string>;
}

/**
 * Measures two servers in turn (A B A B …), so that whatever else the machine does meanwhile hits both.
 * @throws when any answer is not a 2xx
 */
export async function sideBySide(a: Request, b: Request, plan: Plan): Promise<readonly [Measured, Measured]> {
  const rounds: [Measured[], Measured[]] = [[], []];
  for (const request of [a, b]) await round(request, { ...plan, seconds: 1 });
  for (let count = 0; count < plan.rounds; count += 1) {
    rounds[0].push(await round(a, plan));
    rounds[1].push(await round(b, plan));
  }
  return [medians(rounds[0]), medians(rounds[1])];
}

async function round({ url, body, sign }: Request, { seconds, connections }: Plan): Promise<Measured> {
  const requests = [
    { method: 'POST', body, setupRequest: (request: object) => ({ ...request, headers: sign() }) },
  ] as const;
  const result = await autocannon({ url, requests, connections, duration: seconds });
  if (result.non2xx > 0 || result.errors > 0) {
    throw new Error(`${url}: ${result.non2xx} answers were no success, ${result.errors} requests failed.`);
  }
  const { p50, p99 } = result.latency;
  return { requestsPerSecond: result['2xx'] / result.duration, p50, p99 };
}

function medians(rounds: readonly Measured[]): Measured {
  return {
    requestsPerSecond: median(rounds.map((round) => round.requestsPerSecond)),
    p50: median(rounds.map((round) => round.p50)),
    p99: median(rounds.map((round) => round.p99)),
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
