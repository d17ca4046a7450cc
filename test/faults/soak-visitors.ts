/** The visitors of the soak, in a process of their own: when it ends, so do all of their connections. */
import { Browser, type Answer } from '../support/http-browser.ts';

export interface SoakPlan {
  readonly url: string;
  readonly providers: readonly string[];
  readonly users: number;
}

/** Sent after every user and, as the last, once all are done. */
export interface SoakProgress {
  readonly users: number;
  readonly requests: number;
  /** How often an answer was what. */
  readonly answers: Readonly<Record<string, number>>;
}

export const REQUESTS_A_USER = 10;
const AT_ONCE = 16;
/** A session is two requests, a connection is two. */
const TO_CONNECT = 4;
/** So many of a user's loads are given up before their answer is there. */
const GIVEN_UP = 0.1;
const PATIENCE_MS = 20;

process.once('message', (plan: SoakPlan) => void visits(plan));

async function visits({ url, providers, users }: SoakPlan): Promise<void> {
  const answers: Record<string, number> = {};
  let begun = 0;
  let done = 0;
  let requests = 0;
  const tell = (told: string): void => {
    answers[told] = (answers[told] ?? 0) + 1;
  };
  const count = ({ status, json }: Answer): void => {
    const error = typeof json['error'] === 'string' ? json['error'] : 'page';
    tell(status < 400 ? String(status) : `${status} ${error}`);
  };

  const visit = async (number: number): Promise<void> => {
    const browser = new Browser(url);
    const owner = { user_id: `user-${number}`, org_id: `org-${number % 100}` };
    const provider = providers[number % providers.length] ?? 'airtable';
    const query = new URLSearchParams(owner).toString();
    const path = `/integrations/${provider}/load`;
    const load = async (): Promise<void> => {
      if (Math.random() < GIVEN_UP) tell(await givenUp(browser, url, path, owner));
      else count(await browser.post(path, owner));
    };
    count(await browser.connect(provider, owner));
    for (let made = TO_CONNECT; made < REQUESTS_A_USER; made += 1)
      if (made % 2 === 0) await load();
      else count(await browser.get(`/connections?${query}`));
    requests += REQUESTS_A_USER;
  };

  const visitor = async (): Promise<void> => {
    while (begun < users) {
      await visit(begun++);
      done += 1;
      process.send?.({ users: done, requests, answers } satisfies SoakProgress);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, visitor));
  process.disconnect();
  // What is kept alive would keep this process as well.
  process.exit();
}

/** A caller that hangs up. */
async function givenUp(browser: Browser, url: string, path: string, owner: object): Promise<string> {
  const body = JSON.stringify(owner);
  const headers = await browser.signature('POST', path, body);
  return fetch(new URL(path, url), { method: 'POST', headers, body, signal: AbortSignal.timeout(PATIENCE_MS) })
    .then((answer) => answer.arrayBuffer())
    .then(
      () => 'in time',
      () => 'hung up',
    );
}
