import { LogLevel, WebClient } from '@slack/web-api';
import type { Sandbox, SandboxOptions } from '../../sandbox/sandbox.ts';
import { connect, openSandbox, type Tokens } from './connect.ts';

export interface UserTokens extends Tokens {
  readonly authed_user: { id: string; access_token: string; refresh_token: string; token_type: string };
}

/** Slack's own SDK, on the sandbox, without its retries. */
export function sdk(sandbox: Sandbox, token?: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: `${sandbox.url}/slack/api/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
  });
}

export async function openSlack(
  options: SandboxOptions = {},
): Promise<{ sandbox: Sandbox; tokens: UserTokens; slack: WebClient }> {
  const sandbox = await openSandbox({ items: 250, ...options });
  const tokens = (await connect(sandbox, 'slack')) as UserTokens;
  return { sandbox, tokens, slack: sdk(sandbox, tokens.access_token) };
}

/** Every page of a method, to the end. */
export async function pagesOf<Listed>(
  slack: WebClient,
  method: string,
  member: string,
  args: Record<string, unknown>,
): Promise<Listed[][]> {
  const pages: Listed[][] = [];
  // A copy: the SDK writes the cursor into the arguments it is given.
  for await (const page of slack.paginate(method, { ...args })) {
    pages.push((page as unknown as Record<string, Listed[]>)[member] ?? []);
  }
  return pages;
}

/** What Slack said when it refused a call. */
export function refused(call: Promise<unknown>): Promise<unknown> {
  return call.catch((error: unknown) => (error as { data: unknown }).data);
}
