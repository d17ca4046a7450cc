import { Global, Module, type DynamicModule } from '@nestjs/common';
import { AppConfig } from './app-config.ts';

/** The one global module: every room below the edge reads the configuration, and none may change it. */
@Global()
@Module({})
export class ConfigModule {
  static of(config: AppConfig): DynamicModule {
    return { module: ConfigModule, providers: [{ provide: AppConfig, useValue: config }], exports: [AppConfig] };
  }
}
