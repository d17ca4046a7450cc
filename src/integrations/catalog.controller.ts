import { Controller, Get, Header, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { IntegrationListResponse, type IntegrationResponse } from './dto/integration.response.dto.ts';
import { CallableWith, CurrentCaller } from '../callers/access.ts';
import { mayUse, type Caller } from '../callers/caller.ts';
import { NoQuery } from '../callers/dto/no-query.request.dto.ts';
import { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import type { IntegrationDescriptor } from './integration-descriptor.ts';
import { IntegrationKit } from './integration-kit.ts';
import { registry } from './registry.ts';

@ApiTags('Catalog')
@Controller('integrations')
export class CatalogController {
  constructor(
    @Inject(IntegrationKit) private readonly kit: IntegrationKit,
    @Inject(CircuitBreakers) private readonly circuits: CircuitBreakers,
  ) {}

  @Get()
  @CallableWith('any')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'The integrations there are, and whether each can be used now' })
  @ApiOkResponse({ type: IntegrationListResponse })
  list(@Query() _query: NoQuery, @CurrentCaller() caller: Caller): IntegrationListResponse {
    const shown = registry.filter(({ descriptor }) => mayUse(caller, descriptor.name));
    return { integrations: shown.map(({ descriptor }) => this.#entry(descriptor)) };
  }

  #entry(descriptor: IntegrationDescriptor): IntegrationResponse {
    const provider = this.kit.providers.find(descriptor);
    return {
      integration: descriptor.name,
      display_name: descriptor.displayName,
      status: provider === undefined ? 'not_configured' : this.#health(descriptor.name),
      sandbox: provider?.sandbox ?? false,
      item_types: [...descriptor.itemTypes],
      default_item_types: [...descriptor.defaultItemTypes],
      scopes: [...(provider?.scopes ?? descriptor.defaultScopes)],
    };
  }

  /** Without its API nothing can be loaded; without its token endpoint everybody whose token is still good can. */
  #health(integration: string): IntegrationResponse['status'] {
    const api = this.circuits.of(integration, 'api').state().state;
    if (api === 'open') return 'unavailable';
    return api === 'closed' && this.circuits.of(integration, 'token').isClosed ? 'available' : 'degraded';
  }
}
