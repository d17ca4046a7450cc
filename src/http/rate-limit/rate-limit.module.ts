import { Inject, Logger, Module, type ExecutionContext, type OnModuleInit } from '@nestjs/common';
import { ThrottlerModule, type ThrottlerModuleOptions } from '@nestjs/throttler';
import type { CalledRequest } from '../../callers/access.ts';
import type { Caller } from '../../callers/caller.ts';
import { AppConfig } from '../../config/app-config.ts';
import { KeyValueStore } from '../../storage/key-value-store.ts';
import { StorageModule } from '../../storage/storage.module.ts';
import { callerKey } from './rate-limit-key.ts';
import { WINDOW_MS } from './rate-limit.ts';
import { SharedWindows } from './shared-windows.ts';

@Module({
  imports: [
    ThrottlerModule.forRootAsync({ imports: [StorageModule], inject: [AppConfig, KeyValueStore], useFactory: options }),
  ],
})
export class RateLimitModule implements OnModuleInit {
  readonly #log = new Logger('RateLimit');

  constructor(@Inject(AppConfig) private readonly config: AppConfig) {}

  onModuleInit(): void {
    const { rateLimitPerMinute, rateLimitPerMinuteUser } = this.config;
    if (rateLimitPerMinute === 0) this.#log.warn('RATE_LIMIT_PER_MINUTE is 0: requests per address are not limited.');
    if (rateLimitPerMinuteUser === 0) {
      this.#log.warn('RATE_LIMIT_PER_MINUTE_USER is 0: requests per user are not limited.');
    }
  }
}

function options(config: AppConfig, store: KeyValueStore): ThrottlerModuleOptions {
  const { rateLimitPerMinute: perAddress, rateLimitPerMinuteUser: perUser, deadlines } = config;
  return {
    storage: new SharedWindows(store, { maxLimit: Math.max(1, perAddress, perUser), hitMs: deadlines.rateLimitHitMs }),
    throttlers: [
      // Spent before any guard is asked: see limitByAddress.
      { name: 'ip', limit: perAddress, ttl: WINDOW_MS, skipIf: () => true },
      {
        name: 'user',
        limit: perUser,
        ttl: WINDOW_MS,
        skipIf: (context) => perUser === 0 || callerOf(context) === undefined,
        getTracker: (_request, context) => trackerOf(callerOf(context)),
      },
    ],
  };
}

function callerOf(context: ExecutionContext): Caller | undefined {
  return context.switchToHttp().getRequest<CalledRequest>().caller;
}

function trackerOf(caller: Caller | undefined): string {
  if (caller === undefined) throw new TypeError('Nobody is known to count for.');
  return callerKey(caller);
}
