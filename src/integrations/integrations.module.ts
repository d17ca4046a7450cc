import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { CatalogController } from './catalog.controller.ts';
import { ConnectionsController } from './connections.controller.ts';
import { IntegrationKitModule } from './integration-kit.ts';
import { KnownIntegrationMiddleware } from './known-integration.middleware.ts';
import { OutboundModule } from '../outbound/outbound.module.ts';
import { registry } from './registry.ts';

const parts = await Promise.all(registry.map((integration) => integration.parts()));

@Module({
  imports: [IntegrationKitModule, OutboundModule, ...parts.map(({ module }) => module)],
  controllers: [CatalogController, ConnectionsController],
})
export class IntegrationsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(KnownIntegrationMiddleware).forRoutes('integrations/*path');
  }
}
