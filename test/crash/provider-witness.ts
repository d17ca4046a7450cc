import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { request as send } from 'undici';

/** What is to happen around the next token request of a ledger. Milliseconds from its arrival. */
export interface Ambush {
  readonly killAfterMs: number;
  readonly kill: () => void;
  /** When the provider acts, whoever is left to hear it. */
  readonly actAfterMs: number;
}

/** All that one connection's codes and refresh tokens were presented for. */
export interface Ledger {
  codesPresented: number;
  exchanges: number;
  refreshesPresented: number;
  refreshes: number;
  /** Refresh tokens presented after they had been used up. */
  reuses: number;
  /** Refresh tokens presented while the provider was still busy with the same one. */
  overlaps: number;
  ambush?: Ambush;
}

interface TokenAnswer {
  readonly refresh_token?: string;
}

/** Stands before the provider and keeps books: what it saw is what really happened, whatever a killed process knew of it. */
export class ProviderWitness {
  readonly #server: Server;
  readonly #providerUrl: string;
  readonly #ledgers = new Map<string, Ledger>();
  readonly #used = new Set<string>();
  readonly #busy = new Set<string>();

  private constructor(providerUrl: string) {
    this.#providerUrl = providerUrl;
    this.#server = createServer((request, response) => {
      this.#pass(request, response).catch((error: unknown) => response.destroy(error as Error));
    });
  }

  static async start(providerUrl: string): Promise<ProviderWitness> {
    const witness = new ProviderWitness(providerUrl);
    witness.#server.listen(0, '127.0.0.1');
    await once(witness.#server, 'listening');
    return witness;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** @param ledger of the connection that is authorised anew; absent: one of its own */
  follow(code: string, ledger?: Ledger): Ledger {
    const followed = ledger ?? {
      codesPresented: 0,
      exchanges: 0,
      refreshesPresented: 0,
      refreshes: 0,
      reuses: 0,
      overlaps: 0,
    };
    this.#ledgers.set(code, followed);
    return followed;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await textOf(request);
    const form = new URLSearchParams(body);
    const presented = form.get('refresh_token') ?? form.get('code');
    const ledger = presented === null ? undefined : this.#ledgers.get(presented);
    const answer =
      presented === null || ledger === undefined
        ? await this.#forward(request, body)
        : await this.#token(presented, ledger, form.has('refresh_token'), () => this.#forward(request, body));
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }

  async #token(presented: string, ledger: Ledger, isRefresh: boolean, forward: () => Promise<Answer>): Promise<Answer> {
    if (isRefresh) ledger.refreshesPresented += 1;
    else ledger.codesPresented += 1;
    if (this.#used.has(presented)) ledger.reuses += 1;
    if (this.#busy.has(presented)) ledger.overlaps += 1;
    this.#busy.add(presented);
    try {
      await sprung(ledger);
      const answer = await forward();
      if (answer.status === 200) this.#enter(presented, ledger, isRefresh, answer.text);
      return answer;
    } finally {
      this.#busy.delete(presented);
    }
  }

  #enter(presented: string, ledger: Ledger, isRefresh: boolean, text: string): void {
    this.#used.add(presented);
    if (isRefresh) ledger.refreshes += 1;
    else ledger.exchanges += 1;
    const next = (JSON.parse(text) as TokenAnswer).refresh_token;
    if (next !== undefined) this.#ledgers.set(next, ledger);
  }

  async #forward({ method, url, headers }: IncomingMessage, body: string): Promise<Answer> {
    const { authorization, 'content-type': type } = headers;
    const answer = await send(`${this.#providerUrl}${url ?? ''}`, {
      method: method === 'POST' ? 'POST' : 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      body: method === 'POST' ? body : null,
    });
    const { location } = answer.headers;
    return {
      status: answer.statusCode,
      headers: { 'content-type': 'application/json', ...(typeof location === 'string' ? { location } : {}) },
      text: await answer.body.text(),
    };
  }
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Once: whoever comes after the killed one is let through. */
async function sprung(ledger: Ledger): Promise<void> {
  const { ambush } = ledger;
  if (ambush === undefined) return;
  delete ledger.ambush;
  setTimeout(ambush.kill, ambush.killAfterMs);
  await wait(ambush.actAfterMs);
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
