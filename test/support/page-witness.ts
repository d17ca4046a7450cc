import type { BrowserContext, ConsoleMessage, Response } from 'playwright-core';

export interface SeenResponse {
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How the sandbox's tokens begin (`sandbox/<provider>`, wherever it mints), by what they are. */
export const TOKEN_PATTERNS = {
  'Airtable access or refresh token': /oa[ar]\w{14}\.v1\.\w{20}/,
  'Notion access or refresh token': /n(?:tn|rt)_\w{20}/,
  'HubSpot access token': /\bCN[A-Za-z0-9]{60}/,
  'HubSpot code or refresh token': /\bna1-[0-9a-f]{4,8}-[0-9a-f]{4,8}-/,
  'Slack token': /\bxox[a-z]?[.-]/,
} as const;

/**
 * Sees everything the pages of one browser context complain about and everything they receive. A journey is only good
 * when {@link complaints} is empty at its end, however well it looked.
 */
export class PageWitness {
  readonly #origin: string;
  readonly #complaints: string[] = [];
  readonly #tolerated: { readonly path: string; readonly status: number }[] = [];
  readonly #expected: RegExp[] = [];
  readonly #seen: Promise<SeenResponse>[] = [];
  #mayBeUnreachable = false;

  /** @param origin where our own answers come from */
  constructor(context: BrowserContext, origin: string) {
    this.#origin = origin;
    context.on('console', (message) => this.#hear(message));
    context.on('weberror', (error) => void this.#complaints.push(`uncaught: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      this.#complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on('response', (response) => void this.#seen.push(read(response)));
  }

  /** Says that answers with this status are part of the journey. `path` is the end of the URL's path. */
  tolerate(status: number, path: string): void {
    this.#tolerated.push({ status, path });
  }

  /** Says that the service goes away for a while in this journey. */
  tolerateAnOutage(): void {
    this.#mayBeUnreachable = true;
  }

  /** Says that the browser's own complaint of this kind is what the journey is about. */
  tolerateComplaint(about: RegExp): void {
    this.#expected.push(about);
  }

  /** Everything received so far whose URL contains `part`. */
  async received(part = ''): Promise<SeenResponse[]> {
    return (await Promise.all(this.#seen)).filter(({ url }) => url.includes(part));
  }

  async complaints(): Promise<string[]> {
    const received = await this.received();
    const refused = received.filter((response) => response.status >= 400 && !this.#isTolerated(response));
    return [
      ...this.#complaints.filter((complaint) => !this.#expected.some((about) => about.test(complaint))),
      ...refused.map(({ status, url }) => `${status} from ${url}`),
      ...received.flatMap((response) => leaks(response, this.#origin)),
    ];
  }

  #hear(message: ConsoleMessage): void {
    // Chromium's remark on every answer from 400 up; the answers themselves are judged in complaints().
    if (message.text().startsWith('Failed to load resource: the server responded with a status of')) return;
    if (this.#mayBeUnreachable && message.text().startsWith('Failed to load resource: net::ERR_')) return;
    const isViolation = message.text().includes('Content Security Policy');
    if (message.type() === 'error' || isViolation) this.#complaints.push(`console: ${message.text()}`);
  }

  #isTolerated({ url, status }: SeenResponse): boolean {
    return this.#tolerated.some((each) => each.status === status && new URL(url).pathname.endsWith(each.path));
  }
}

/** Files that were built before there was any token, half a megabyte a visit. */
const BUILT = '/assets/';

/** A page that was closed takes the rest of its answers along; redirects have no body. */
async function read(response: Response): Promise<SeenResponse> {
  const isBuilt = new URL(response.url()).pathname.startsWith(BUILT);
  const [headers, body] = await Promise.all([
    response.allHeaders().catch(() => response.headers()),
    isBuilt ? '' : response.text().catch(() => ''),
  ]);
  return { url: response.url(), status: response.status(), headers, body };
}

/** Codes travel in the provider's own redirect and nowhere else; tokens don't travel through a browser at all. */
function leaks({ url, headers, body }: SeenResponse, origin: string): string[] {
  const { location = '', ...others } = headers;
  const text = [body, ...Object.values(others), url.startsWith(origin) ? location : ''].join('\n');
  return Object.entries(TOKEN_PATTERNS)
    .filter(([, pattern]) => pattern.test(text))
    .map(([what]) => `${what} received from ${url}`);
}
