import { Module, type MiddlewareConsumer, type NestModule } from '@nestjs/common';
import { ConnectionsModule } from '../connections/connections.module.ts';
import { CatalogController } from './catalog.controller.ts';
import { ConnectionsController } from './connections.controller.ts';
import { KnownIntegrationMiddleware } from './known-integration.middleware.ts';
import { ProvidersModule } from './providers.module.ts';
import { registry } from './registry.ts';

@Module({
  imports: [ConnectionsModule, ProvidersModule, ...registry.map((integration) => integration.module)],
  controllers: [CatalogController, ConnectionsController],
})
export class IntegrationsModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(KnownIntegrationMiddleware).forRoutes('integrations/*path');
  }
}
