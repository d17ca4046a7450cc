import { Module, type DynamicModule } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.ts';
import { CallersModule } from './callers.module.ts';
import { DemoSessionsController, SessionsController } from './sessions.controller.ts';

@Module({})
export class SessionsModule {
  static of(config: AppConfig): DynamicModule {
    const controllers = config.demo ? [SessionsController, DemoSessionsController] : [SessionsController];
    return { module: SessionsModule, imports: [CallersModule], controllers };
  }
}
