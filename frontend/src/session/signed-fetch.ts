import { signedRequest, type RequestKey } from './signed-request.ts';

/** Sends a request as it is. */
export type Fetch = (request: Request) => Promise<Response>;

/** Signs and sends, by the service's clock, which it learns when this computer's turns out to be off. */
export class SignedFetch {
  readonly #fetch: Fetch;
  readonly #nowMs: () => number;
  #aheadMs = 0;

  constructor(fetch: Fetch, nowMs: () => number) {
    this.#fetch = fetch;
    this.#nowMs = nowMs;
  }

  async send(request: Request, key: RequestKey): Promise<Response> {
    const answer = await this.#attempt(request, key);
    if ((await refusalCode(answer)) !== 'signature_expired') return answer;
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isNaN(date)) return answer;
    this.#aheadMs = date - this.#nowMs();
    return this.#attempt(request, key);
  }

  async #attempt(request: Request, key: RequestKey): Promise<Response> {
    const created = Math.floor((this.#nowMs() + this.#aheadMs) / 1_000);
    return this.#fetch(await signedRequest(request, key, created));
  }
}

/** Why a 401 was one; undefined for every other answer. The answer can still be read afterwards. */
export async function refusalCode(answer: Response): Promise<string | undefined> {
  if (answer.status !== 401) return undefined;
  const body = (await answer
    .clone()
    .json()
    .catch(() => null)) as { error?: unknown } | null;
  return typeof body?.error === 'string' ? body.error : undefined;
}
