import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ACCESS, type Access, type CalledRequest } from '../callers/access.ts';
import { CallerAuthenticator } from '../callers/caller-authenticator.ts';
import { mayActFor, mayUse, type Caller } from '../callers/caller.ts';
import { isIdentifier } from '../callers/dto/owner.request.dto.ts';
import { presentedKey } from '../callers/presented-key.ts';
import { wireRequest } from '../callers/wire-request.ts';
import { AppConfig } from '../config/app-config.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { parseBody, rawBodyOf, refuseForbiddenNames } from './body.ts';
import { ownOrigins } from './own-authority.ts';

/**
 * The one door: who calls, whether this route is for them, and whether they may act for whom they name. Only then is the
 * body given a meaning. A route that says nothing of its callers is closed.
 */
@Injectable()
export class CallerGuard implements CanActivate {
  readonly #origins: ReadonlyMap<string, string>;

  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(CallerAuthenticator) private readonly authenticator: CallerAuthenticator,
    @Inject(AppConfig) config: AppConfig,
  ) {
    this.#origins = ownOrigins(config);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<CalledRequest>();
    const targets = [context.getHandler(), context.getClass()];
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, targets);
    const bytes = rawBodyOf(request);
    const parse = () => parseBody(bytes, request.headers['content-type']);
    if (access?.kind === 'public') {
      request.body = parse();
      return true;
    }
    refuseForbiddenNames(request.query);
    const wire = wireRequest(request, bytes, this.#origins.get(request.headers.host ?? '') ?? '');
    if (access?.kind === 'key_holder') {
      request.body = parse();
      await this.authenticator.authenticateHolder(wire, presentedKey(request.body));
      return true;
    }
    request.caller = await this.authenticator.authenticate(wire);
    refuseUnlessFor(request.caller, access);
    request.body = parse();
    refuseUnlessOwn(request.caller, request);
    return true;
  }
}

function refuseUnlessFor(caller: Caller, access: Access | undefined): void {
  if (access?.kind === 'caller') {
    const { client, session } = access;
    if (caller.kind === 'session' && session !== false) {
      if (session === true || caller.permissions?.includes(session) === true) return;
      throw new PatchbayError('forbidden', `This session lacks the permission ${session}.`);
    }
    if (caller.kind === 'api_client' && client !== undefined) {
      if (client === 'any' || caller.permissions.includes(client)) return;
      throw new PatchbayError('forbidden', `This API client lacks the permission ${client}.`);
    }
  }
  throw new PatchbayError('forbidden', 'This is not for callers of this kind.');
}

/** Every route that names a user names it by the same two members, in its body or its query. */
function refuseUnlessOwn(caller: Caller, request: CalledRequest): void {
  for (const named of [request.body, request.query] as Readonly<Record<string, unknown>>[]) {
    const { user_id: userId, org_id: orgId } = named;
    // What can't be an identifier is refused by validation, which comes next and says why.
    if (!isIdentifier(userId) || !isIdentifier(orgId)) continue;
    if (!mayActFor(caller, userId, orgId)) {
      throw new PatchbayError('forbidden', 'You may not act for this user of this organisation.');
    }
  }
  const integration = integrationOf(request);
  if (integration !== undefined && !mayUse(caller, integration)) {
    throw new PatchbayError('forbidden', 'This session is not for this integration.', { integration });
  }
}

/** From the route that matched, never from the path as it was written: Express matches `/INTEGRATIONS` as well. */
function integrationOf(request: CalledRequest): string | undefined {
  const { path } = request.route as { readonly path: string };
  const [, room, integration] = path.split('/', 3);
  return room === 'integrations' ? integration : undefined;
}
