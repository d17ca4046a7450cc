import { Body, Delete, Get, Header, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AuditTrail } from '../callers/audit-trail.ts';
import { CallableWith, CurrentCaller, Public } from '../callers/access.ts';
import type { Caller } from '../callers/caller.ts';
import { AppConfig } from '../config/app-config.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { keepBrowserBinding, readBrowserBinding } from './browser-cookie.ts';
import { CallbackAnswer } from './callback-answer.ts';
import { AuthorizationOutcomeResponse, AuthorizeResponse } from './dto/authorization.response.dto.ts';
import { AuthorizationParameters } from './dto/authorization.parameters.dto.ts';
import { AuthorizeRequest } from './dto/authorize.request.dto.ts';
import { ConnectionRequest, CredentialsRequest } from './dto/connection.request.dto.ts';
import { CredentialsResponse, credentialsResponse, DisconnectedResponse } from './dto/connection.response.dto.ts';
import { ITEM_PAGE, ItemPageResponse, STALE_WARNING } from './dto/item-page.response.dto.ts';
import { StreamLineResponse } from './dto/stream-line.response.dto.ts';
import { DEFAULT_PAGE_SIZE, LoadRequest } from './dto/load.request.dto.ts';
import { ApiErrors, PROVIDER_ERRORS } from '../errors/api-errors.ts';
import type { IntegrationService } from './integration.service.ts';
import { linesOf, refuseTwoStarts, wantsStream } from './load-stream.ts';
import { choiceOf, ownerOf, requestIdOf, whenHungUp } from './request-values.ts';
import { checkedReturnUrl } from '../callers/return-url.ts';

/** The endpoints every integration has. A vendor's controller gives the path and the service. */
export abstract class IntegrationController {
  @Inject(AppConfig) protected readonly config!: AppConfig;
  @Inject(AuditTrail) protected readonly audit!: AuditTrail;

  constructor(protected readonly service: IntegrationService) {}

  @Post('authorize')
  @CallableWith('connections:write')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Begin an authorization: where to send the user’s browser' })
  @ApiOkResponse({ type: AuthorizeResponse })
  @ApiErrors('integration_not_configured')
  async authorize(
    @Body() body: AuthorizeRequest,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
    @CurrentCaller() caller: Caller,
  ): Promise<AuthorizeResponse> {
    const { return_url, scopes } = body;
    const { allowedOrigins } = this.config;
    const returnUrl = return_url === undefined ? undefined : checkedReturnUrl(return_url, allowedOrigins);
    const begun = await this.service.authorize({
      owner: ownerOf(body),
      callerId: caller.id,
      // A backend has no browser to bind to: it sends one to the URL, and gets it back at its return_url.
      ...(caller.kind === 'session' ? { browserBinding: keepBrowserBinding(request, response, this.isSecure) } : {}),
      ...(scopes === undefined ? {} : { scopes }),
      ...(returnUrl === undefined ? {} : { returnUrl }),
    });
    return { authorization_url: begun.authorizationUrl, state: begun.state, expires_in: begun.expiresIn };
  }

  @Get('oauth2callback')
  @Public('a provider sends browsers here; the state and the browser binding protect it')
  @ApiOperation({ summary: 'Where the provider sends the browser back to; not for API clients' })
  @ApiProduces('text/html')
  @ApiOkResponse({
    description: 'A page that tells the opener and closes. It says no as calmly: a denial is an answer like any other.',
    schema: { type: 'string', example: '<!doctype html><html lang="en"><title>Connected</title>…</html>' },
  })
  @ApiResponse({ status: 303, description: 'The authorization had a return_url: the result is in its query.' })
  @ApiErrors('authorization_expired', 'storage_unavailable', ...PROVIDER_ERRORS)
  async oauth2callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    // Express answers HEAD by GET's handler, but only a browser that goes there may use up the state.
    if (request.method !== 'GET') {
      throw new PatchbayError('method_not_allowed', 'This path answers to GET only.', { allow: ['GET'] });
    }
    const answer = new CallbackAnswer(this.service.descriptor, this.config.allowedOrigins);
    try {
      const query = new URL(request.originalUrl, this.config.publicUrl).searchParams;
      const binding = readBrowserBinding(request, this.isSecure);
      answer.result(response, await this.service.completeAuthorization(query, binding));
    } catch (error) {
      answer.refusal(request, response, error);
    }
  }

  @Get('authorizations/:state')
  @CallableWith('connections:read')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'How an authorization ended, whatever became of its popup' })
  @ApiOkResponse({ type: AuthorizationOutcomeResponse })
  @ApiErrors('not_found')
  async authorization(
    @Param() parameters: AuthorizationParameters,
    @CurrentCaller() caller: Caller,
  ): Promise<AuthorizationOutcomeResponse> {
    const { status, connectionId, error } = await this.service.authorizationOutcome(parameters.state, caller.id);
    return {
      status,
      ...(connectionId === undefined ? {} : { connection_id: connectionId }),
      ...(error === undefined ? {} : { error }),
    };
  }

  @Post('credentials')
  @CallableWith('connections:read')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'A connection’s state, its token refreshed first when it is near its end' })
  @ApiOkResponse({ type: CredentialsResponse })
  @ApiErrors('connection_not_found', ...PROVIDER_ERRORS)
  async credentials(
    @Body() body: CredentialsRequest,
    @Req() request: Request,
    @CurrentCaller() caller: Caller,
  ): Promise<CredentialsResponse> {
    const wantsToken = body.include?.includes('access_token') === true;
    if (wantsToken) refuseTokenTo(caller);
    const open = await this.service.credentials(choiceOf(body), { mustLast: wantsToken });
    if (wantsToken) this.audit.tokenHandedOut({ ...open.connection, caller, requestId: requestIdOf(request) });
    return credentialsResponse(open, wantsToken);
  }

  @Delete('credentials')
  @CallableWith('connections:write')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Disconnect: revoke at the provider where it can, forget here always' })
  @ApiOkResponse({ type: DisconnectedResponse })
  @ApiErrors('connection_not_found', ...PROVIDER_ERRORS)
  async disconnect(@Query() query: ConnectionRequest): Promise<DisconnectedResponse> {
    const { revoked } = await this.service.disconnect(choiceOf(query));
    return { deleted: true, revoked };
  }

  @Post('load')
  @CallableWith('items:read')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    summary: 'The account’s items: a page of them, or all of them as a stream',
    description:
      'A page, unless `Accept` prefers `application/x-ndjson`: then every item, one JSON object a line. `item` as they come, ' +
      '`progress` at least once a second, `checkpoint` from where a stream that broke off goes on, and last `end`. A stream ' +
      'that ends without it was cut.',
  })
  @ApiExtraModels(ItemPageResponse, StreamLineResponse)
  @ApiOkResponse(ITEM_PAGE)
  @ApiErrors('connection_not_found', 'cursor_invalid', ...PROVIDER_ERRORS)
  async load(@Body() body: LoadRequest, @Req() request: Request, @Res() response: Response): Promise<void> {
    refuseTwoStarts(body);
    const { item_types: itemTypes, modified_since, cursor, checkpoint } = body;
    const wanted = {
      ...choiceOf(body),
      signal: whenHungUp(request),
      ...(itemTypes === undefined ? {} : { itemTypes }),
      ...(modified_since === undefined ? {} : { modifiedSince: new Date(modified_since) }),
      ...(cursor === undefined ? {} : { cursor }),
      ...(checkpoint === undefined ? {} : { checkpoint }),
    };
    response.vary('Accept');
    if (wantsStream(request)) {
      await this.service.stream(wanted, linesOf(response));
      response.end();
      return;
    }
    const { page, retryAfterSeconds } = await this.service.load({
      ...wanted,
      pageSize: body.page_size ?? DEFAULT_PAGE_SIZE,
    });
    if (page.stale) response.set('Warning', STALE_WARNING);
    if (retryAfterSeconds !== undefined) response.set('Retry-After', String(Math.ceil(retryAfterSeconds)));
    response.json(page);
  }

  private get isSecure(): boolean {
    return this.config.publicUrl.startsWith('https:');
  }
}

/** A provider's token is for backends alone: in a browser any script of the page could take it. */
function refuseTokenTo(caller: Caller): void {
  if (caller.kind === 'api_client' && caller.permissions.includes('tokens:read')) return;
  throw new PatchbayError('forbidden', 'Only an API client with tokens:read gets an access token.');
}
