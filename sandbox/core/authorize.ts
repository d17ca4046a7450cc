import { consentPage, refusalPage, type ScopeChoice } from './consent-page.ts';
import type { Context } from './context.ts';
import { redirect, withParams, type Call, type Reply } from './message.ts';
import type { ProviderName } from './providers.ts';
import type { Route } from './route.ts';
import { ACCOUNTS } from './accounts.ts';

/** An authorization request (RFC 6749 section 4.1.1) that is fit to be shown to a person. */
export interface ConsentRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  /** Whether the request named it: then the token request must too. */
  readonly redirectUriSent: boolean;
  readonly state: string | null;
  readonly scopes: readonly ScopeChoice[];
  readonly challenge: string | null;
}

export type AuthorizeOutcome =
  | { readonly kind: 'ask'; readonly request: ConsentRequest }
  /** Sent back to the app at once. */
  | { readonly kind: 'refuse'; readonly to: string }
  /** Shown on the provider's own page; the app never hears of it. */
  | { readonly kind: 'stop'; readonly code: string; readonly problem: string };

export interface AuthorizeEndpoint {
  readonly provider: ProviderName;
  readonly title: string;
  readonly paths: readonly string[];
  /** Said where there are no scopes to list. */
  readonly access: string;
  readonly accountLabel: (account: number) => string;
  readonly check: (call: Call) => AuthorizeOutcome;
  readonly mintCode: () => string;
  /** Parameters beside code and state on the way back. */
  readonly approveParams: (request: ConsentRequest) => Readonly<Record<string, string>>;
  readonly denyParams: Readonly<Record<string, string>>;
}

/** GET shows the consent page, POST takes the decision; both check the whole request, so nothing is kept in between. */
export function authorizeRoutes(context: Context, endpoint: AuthorizeEndpoint): Route[] {
  const answer = (call: Call, proceed: (request: ConsentRequest) => Reply): Reply => {
    const outcome = endpoint.check(call);
    if (outcome.kind === 'stop') return refusalPage(endpoint.title, outcome.code, outcome.problem);
    return outcome.kind === 'refuse' ? redirect(outcome.to) : proceed(outcome.request);
  };
  return endpoint.paths.flatMap((path): Route[] => [
    {
      method: 'GET',
      path,
      kind: 'authorize',
      handle: (call) => answer(call, (request) => ask(context, endpoint, request)),
    },
    {
      method: 'POST',
      path,
      kind: 'authorize',
      handle: (call) => answer(call, (request) => decide(context, endpoint, request, call)),
    },
  ]);
}

function ask(context: Context, endpoint: AuthorizeEndpoint, request: ConsentRequest): Reply {
  return consentPage({
    providerTitle: endpoint.title,
    appName: request.clientId,
    redirectUri: request.redirectUri,
    scopes: request.scopes,
    access: endpoint.access,
    accounts: ACCOUNTS.map(endpoint.accountLabel),
    crossOriginOpenerPolicy: context.settings.crossOriginOpenerPolicy,
  });
}

function decide(context: Context, endpoint: AuthorizeEndpoint, request: ConsentRequest, call: Call): Reply {
  const decision = call.form.get('decision');
  if (decision === 'deny') {
    return redirect(withParams(request.redirectUri, { ...endpoint.denyParams, state: request.state }));
  }
  const account = Number(call.form.get('account') ?? 0);
  if (decision !== 'approve' || !ACCOUNTS.some((known) => known === account)) {
    return refusalPage(
      endpoint.title,
      'invalid_form',
      'The form came back without a decision or with an unknown account.',
    );
  }
  const code = endpoint.mintCode();
  context.grants.addCode({
    code,
    provider: endpoint.provider,
    clientId: request.clientId,
    account,
    redirectUri: request.redirectUriSent ? request.redirectUri : null,
    scopes: pickedScopes(request, call, 'scope'),
    userScopes: pickedScopes(request, call, 'user_scope'),
    challenge: request.challenge,
  });
  return redirect(withParams(request.redirectUri, { code, state: request.state, ...endpoint.approveParams(request) }));
}

/** The scopes granted. A bare POST of the decision (no `picked` field) leaves every optional scope ticked. */
function pickedScopes(request: ConsentRequest, call: Call, field: ScopeChoice['field']): string[] {
  const ticked = call.form.has('picked') ? call.form.getAll(field) : null;
  return request.scopes
    .filter((scope) => scope.field === field)
    .filter((scope) => !scope.optional || ticked === null || ticked.includes(scope.name))
    .map((scope) => scope.name);
}

/** Scopes of a space-separated parameter, in order, without repeats. */
export function splitScopes(text: string | null, separator: RegExp = / +/): string[] {
  return [...new Set((text ?? '').split(separator).filter(Boolean))];
}
