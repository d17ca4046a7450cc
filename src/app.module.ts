import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_PIPE } from '@nestjs/core';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AuditModule } from './callers/audit.module.ts';
import { CallersModule } from './callers/callers.module.ts';
import { SessionsModule } from './callers/sessions.module.ts';
import type { AppConfig } from './config/app-config.ts';
import { ConfigModule } from './config/config.module.ts';
import { SealCounts } from './connections/seal-counts.ts';
import { CryptoModule } from './crypto/crypto.module.ts';
import { CallerGuard } from './http/caller.guard.ts';
import { ErrorFilter } from './http/error.filter.ts';
import { RateLimitModule } from './http/rate-limit/rate-limit.module.ts';
import { UserLimitGuard } from './http/rate-limit/user-limit.guard.ts';
import { validation } from './http/validation.ts';
import { IntegrationsModule } from './integrations/integrations.module.ts';
import { OperationsModule } from './operations/operations.module.ts';
import { StorageModule } from './storage/storage.module.ts';

/** Sees every module; nothing else does. */
@Module({})
export class AppModule {
  static of(config: AppConfig, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.of(config),
        StorageModule,
        CryptoModule,
        AuditModule.of(logger.child({ log: 'audit' }, { level: 'info' })),
        CallersModule,
        SessionsModule.of(config),
        // The access log is mounted in app.setup, before anything that could refuse a request.
        LoggerModule.forRoot({ pinoHttp: { logger }, forRoutes: [] }),
        RateLimitModule,
        IntegrationsModule,
        OperationsModule,
      ],
      providers: [
        SealCounts,
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_GUARD, useClass: UserLimitGuard },
        { provide: APP_PIPE, useFactory: validation },
      ],
    };
  }
}
