import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AppConfig } from '../config/app-config.ts';
import { ApiErrors } from '../errors/api-errors.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Secret } from '../errors/secret.ts';
import { ClientsOnly, CurrentCaller, KeyHolderOnly, Public, SessionsOnly } from './access.ts';
import { BrowserSessions, SESSION_TOKEN_TTL_SECONDS, type BrowserSession } from './browser-sessions.ts';
import { SESSION_PERMISSIONS, type Caller, type SessionPermission } from './caller.ts';
import { ActivateRequest, SessionRequest, SessionResponse, SessionTokenResponse } from './dto/sessions.dto.ts';
import { OwnerRequest } from './dto/owner.request.dto.ts';
import { presentedKey } from './presented-key.ts';
import { checkedReturnUrl } from './return-url.ts';

@ApiTags('Sessions')
@Controller('sessions')
export class SessionsController {
  constructor(
    @Inject(BrowserSessions) private readonly sessions: BrowserSessions,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Post()
  @ClientsOnly('sessions:create')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Let a browser act for one of your users' })
  @ApiCreatedResponse({ type: SessionTokenResponse })
  create(@Body() body: SessionRequest, @CurrentCaller() caller: Caller): Promise<SessionTokenResponse> {
    refuseUnlessHeld(body.permissions ?? [], caller);
    return issue(this.sessions, this.config, body);
  }

  @Post('activate')
  @KeyHolderOnly()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Trade a session token for a session bound to the browser’s own key' })
  @ApiCreatedResponse({ type: SessionResponse })
  async activate(@Body() body: ActivateRequest): Promise<SessionResponse> {
    const session = await this.sessions.activate(new Secret(body.session_token), presentedKey(body));
    return this.#shown(session);
  }

  @Get('current')
  @SessionsOnly()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The session that signs this request' })
  @ApiOkResponse({ type: SessionResponse })
  async current(@CurrentCaller() caller: Caller): Promise<SessionResponse> {
    const session = await this.sessions.find(caller.id);
    // It may have ended since its signature was checked.
    if (session === undefined) throw new PatchbayError('unknown_key', 'This session has ended.');
    return this.#shown(session);
  }

  @Delete('current')
  @SessionsOnly()
  @HttpCode(204)
  @ApiOperation({ summary: 'End the session that signs this request' })
  @ApiNoContentResponse()
  async end(@CurrentCaller() caller: Caller): Promise<void> {
    await this.sessions.end(caller.id);
  }

  #shown(session: BrowserSession): SessionResponse {
    return {
      session_id: session.sessionId,
      user_id: session.userId,
      org_id: session.orgId,
      integrations: [...(session.integrations ?? this.config.providers.keys())],
      permissions: [...(session.permissions ?? [])],
      expires_in: Math.floor((session.expiresAt - Date.now()) / 1000),
      return_url: session.returnUrl ?? null,
    };
  }
}

/** There only with DEMO=true: lets whoever reaches this machine's loopback be anybody, to try things out. */
@ApiTags('Sessions')
@Controller('demo/sessions')
export class DemoSessionsController {
  constructor(
    @Inject(BrowserSessions) private readonly sessions: BrowserSessions,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Post()
  @Public('the demo has no backend that could sign; it exists with DEMO=true alone')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'As POST /sessions, for a demo that has no backend' })
  @ApiCreatedResponse({ type: SessionTokenResponse })
  @ApiErrors('storage_unavailable')
  create(@Body() body: OwnerRequest): Promise<SessionTokenResponse> {
    const { user_id, org_id } = body;
    return issue(this.sessions, this.config, { user_id, org_id, permissions: [...SESSION_PERMISSIONS] });
  }
}

async function issue(
  sessions: BrowserSessions,
  config: AppConfig,
  asked: SessionRequest,
): Promise<SessionTokenResponse> {
  const { user_id: userId, org_id: orgId, integrations, permissions, origin = config.publicUrl } = asked;
  refuseUnknown(integrations ?? [], config);
  if (!config.allowedOrigins.concat(config.publicUrl).includes(origin)) {
    throw invalid('origin', 'must be one of ALLOWED_ORIGINS');
  }
  const token = await sessions.issueToken({
    ...{ userId, orgId },
    ...(integrations === undefined ? {} : { integrations }),
    ...(permissions === undefined ? {} : { permissions: [...new Set(permissions)] }),
    ...(asked.return_url === undefined ? {} : { returnUrl: checkedReturnUrl(asked.return_url, config.allowedOrigins) }),
  });
  return {
    session_token: token.reveal(),
    // Behind the #, where it reaches neither a server nor a log nor a referrer.
    connect_url: `${origin}/connect#session=${token.reveal()}`,
    expires_in: SESSION_TOKEN_TTL_SECONDS,
  };
}

/** Nobody hands on what he doesn't have. */
function refuseUnlessHeld(permissions: readonly SessionPermission[], caller: Caller): void {
  const lacking = permissions.find((permission) => caller.permissions?.includes(permission) !== true);
  if (lacking === undefined) return;
  throw new PatchbayError('forbidden', `This API client lacks the permission ${lacking}, and can't pass it on.`);
}

function refuseUnknown(integrations: readonly string[], config: AppConfig): void {
  const unknown = integrations.find((name) => !config.providers.has(name));
  if (unknown !== undefined) throw invalid('integrations', `may hold ${[...config.providers.keys()].join(', ')}`);
}

function invalid(field: string, problem: string): PatchbayError {
  return new PatchbayError('invalid_request', `The request is not valid: ${field} ${problem}.`, {
    fields: [{ field, problem }],
  });
}
