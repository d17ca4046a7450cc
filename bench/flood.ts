// Asks for a page of items at a given rate, whether or not answers come: those who ask too much don't wait for each other.
// Run as a child. All requests are signed beforehand and written to plain sockets, so that its core is left to the sending.
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { hmacSigner, signatureHeaders, type RequestKey } from '../test/support/request-signer.ts';

export interface FloodPlan {
  readonly url: string;
  /** In turn. */
  readonly bodies: readonly string[];
  readonly keyId: string;
  readonly secret: string;
  readonly seconds: number;
  /** Of those, how many are told apart from the rest. */
  readonly settleSeconds: number;
  /** A second, whether or not answers come; absent: on each connection as soon as there is an answer. */
  readonly rate?: number;
  readonly connections: number;
}

/** One part of the time. */
export interface Flooded {
  /** What was due a second and found no connection that wasn't waiting for its answer. */
  readonly unsent: number;
  /** How often a second what came back. */
  readonly statuses: Readonly<Record<string, number>>;
  /** How long those took that were served, in ms. */
  readonly served: readonly number[];
}

const STATUS_AT = 'HTTP/1.1 '.length;
const HEADERS_END = '\r\n\r\n';
/** What takes longer after the last request isn't waited for. */
/** More than any connection's worth, where no rate is given. */
const MOST_A_SECOND = 8_000;
const LAST_ANSWERS_WITHIN_MS = 3_000;

process.once('message', (plan: FloodPlan) => {
  void flood(plan).then((flooded) => process.send?.(flooded, () => process.exit()));
});

/** @returns the beginning, and the rest; a request counts where it was sent */
async function flood(plan: FloodPlan): Promise<readonly [Flooded, Flooded]> {
  const { seconds, settleSeconds, rate = MOST_A_SECOND } = plan;
  const requests = signed(plan);
  const beginning = new Tally();
  const rest = new Tally();
  let answered = 0;
  let startedAt = 0;
  const partAt = (time: number): Tally => (time - startedAt < settleSeconds * 1000 ? beginning : rest);
  const line = new Line(plan, (status, tookMs) => {
    answered += 1;
    partAt(performance.now() - tookMs).count(status, tookMs);
  });
  await line.isOpen;
  startedAt = performance.now();
  let sent = 0;
  while (sent < requests.length) {
    const now = performance.now();
    if (now - startedAt > seconds * 1000) break;
    const due = Math.min(requests.length, Math.ceil((rate * (now - startedAt)) / 1000));
    for (; sent < due; sent += 1) {
      if (line.send(requests[sent] as Buffer)) continue;
      if (plan.rate === undefined) break;
      partAt(now).unsent += 1;
    }
    await delay(1);
  }
  const endAt = performance.now() + LAST_ANSWERS_WITHIN_MS;
  const unsent = beginning.unsent + rest.unsent;
  while (answered < sent - unsent && performance.now() < endAt) await delay(1);
  return [beginning.over(settleSeconds), rest.over(seconds - settleSeconds)];
}

class Tally {
  readonly #statuses: Record<string, number> = {};
  readonly #served: number[] = [];
  unsent = 0;

  count(status: string, tookMs: number): void {
    this.#statuses[status] = (this.#statuses[status] ?? 0) + 1;
    if (status === '200') this.#served.push(tookMs);
  }

  over(seconds: number): Flooded {
    const statuses = Object.fromEntries(
      Object.entries(this.#statuses).map(([status, times]) => [status, times / seconds]),
    );
    return { unsent: this.unsent / seconds, statuses, served: this.#served };
  }
}

function signed({ url, bodies, keyId, secret, seconds, rate = MOST_A_SECOND }: FloodPlan): Buffer[] {
  const target = new URL(url);
  const key: RequestKey = { keyId, signer: hmacSigner(secret) };
  return Array.from({ length: Math.ceil(rate * seconds) }, (_, index) => {
    const body = bodies[index % bodies.length] ?? '';
    const headers = { ...signatureHeaders(key, { method: 'POST', url: target, body }), host: target.host };
    const lines = Object.entries({ ...headers, 'content-length': String(Buffer.byteLength(body)) });
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
    return Buffer.from(`POST ${target.pathname} HTTP/1.1\r\n${head}\r\n${body}`);
  });
}

/** Connections that are kept; on each, one request at a time. */
class Line {
  readonly #idle: Connection[] = [];
  readonly isOpen: Promise<unknown>;

  constructor({ url, connections }: FloodPlan, answered: (status: string, tookMs: number) => void) {
    const target = new URL(url);
    const open = (): Promise<void> =>
      new Promise((resolve) => {
        const connection = new Connection(target, answered, () => this.#idle.push(connection));
        connection.socket.once('connect', resolve);
        connection.socket.once('close', () => void open());
      });
    this.isOpen = Promise.all(Array.from({ length: connections }, open));
  }

  send(request: Buffer): boolean {
    let connection = this.#idle.pop();
    while (connection?.socket.destroyed === true) connection = this.#idle.pop();
    connection?.send(request);
    return connection !== undefined;
  }
}

class Connection {
  readonly socket: Socket;
  #sentAt = 0;

  constructor(target: URL, answered: (status: string, tookMs: number) => void, idle: () => void) {
    let text = '';
    this.socket = connect({ host: target.hostname, port: Number(target.port), noDelay: true });
    this.socket.setEncoding('latin1');
    this.socket.on('connect', idle);
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: string) => {
      text += chunk;
      if (!isWhole(text)) return;
      answered(text.slice(STATUS_AT, STATUS_AT + 3), performance.now() - this.#sentAt);
      text = '';
      idle();
    });
  }

  send(request: Buffer): void {
    this.#sentAt = performance.now();
    this.socket.write(request);
  }
}

function isWhole(text: string): boolean {
  const headersEnd = text.indexOf(HEADERS_END);
  if (headersEnd < 0) return false;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, headersEnd))?.[1] ?? 0);
  return text.length >= headersEnd + HEADERS_END.length + length;
}
