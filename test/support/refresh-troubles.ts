import { setTimeout as wait } from 'node:timers/promises';
import { TOKEN_ENDPOINT_MS, type Trouble } from './refresh-experiment.ts';

const REDIS_PAUSE_MS = 2_000;

const pauseRedis: Trouble['strike'] = async ({ redis }) => {
  redis.pause();
  await wait(REDIS_PAUSE_MS);
  redis.resume();
};

/** What may go wrong while the token endpoint takes its time. */
export const TROUBLES = {
  redisPausedMidway: { afterMs: TOKEN_ENDPOINT_MS / 2, strike: pauseRedis },
  /** From a second before until a second after. */
  redisPausedAtTheAnswer: { afterMs: TOKEN_ENDPOINT_MS - REDIS_PAUSE_MS / 2, strike: pauseRedis },
  otherKilledMidway: { afterMs: TOKEN_ENDPOINT_MS / 2, strike: ({ other }) => other.stop('SIGKILL') },
  holderKilledMidway: { afterMs: TOKEN_ENDPOINT_MS / 2, strike: ({ holder }) => holder.stop('SIGKILL') },
  holderKilledAndNoDelayFromThen: {
    afterMs: TOKEN_ENDPOINT_MS / 2,
    strike: async ({ holder, authority }) => {
      await holder.stop('SIGKILL');
      await authority.answerAtOnce();
    },
  },
} as const satisfies Record<string, Trouble>;
