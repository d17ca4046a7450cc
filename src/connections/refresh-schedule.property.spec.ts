import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { runs } from '../errors/fixtures/property-tests.ts';
import { Secret } from '../errors/secret.ts';
import type { Grant, GrantedToken } from './connection.ts';
import { dueTokens, isExpired, isWithinRefreshMargin, nextRefreshAt, tokensToRenewAhead } from './refresh-schedule.ts';

const FIVE_MINUTES_MS = 5 * 60_000;

const token = (obtainedAt: number, lifeMs: number): GrantedToken => ({
  accessToken: new Secret('access'),
  refreshToken: new Secret('refresh'),
  obtainedAt,
  expiresAt: obtainedAt + lifeMs,
});

const issuedAt = fc.integer({ min: 0, max: 4_000_000_000_000 });
/** From a second to a year, as often short as long. */
const lifeMs = fc.oneof(
  fc.integer({ min: 1_000, max: 20 * 60_000 }),
  fc.integer({ min: 1_000, max: 86_400_000 }),
  fc.integer({ min: 1_000, max: 365 * 86_400_000 }),
);
const share = fc.integer({ min: 0, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const grantOf = (primary: GrantedToken, ...more: readonly GrantedToken[]): Grant => ({
  primary,
  additional: new Map(more.map((one, index) => [`further-${index}`, one])),
});

describe('When a token is refreshed', () => {
  it('is inside the larger of 5 minutes and a tenth of its life, and never before half of it is over', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, share, (at, life, passed) => {
        const now = at + Math.floor(life * passed);
        const leftMs = at + life - now;
        const marginMs = Math.min(Math.max(FIVE_MINUTES_MS, life / 10), life / 2);
        return isWithinRefreshMargin(token(at, life), now) === leftMs <= marginMs;
      }),
      runs(100, 500),
    );
  });

  it('is no more often than half of its life, however often it is used', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, fc.array(share, { minLength: 2, maxLength: 50 }), (at, life, uses) => {
        let held = token(at, life);
        const refreshedAt = [at];
        let now = at;
        for (const use of uses) {
          now += Math.ceil(use * life);
          if (dueTokens(grantOf(held), now).length === 0) continue;
          refreshedAt.push(now);
          held = token(now, life);
        }
        return refreshedAt.every((time, index) => index === 0 || time - (refreshedAt[index - 1] ?? 0) >= life / 2);
      }),
    );
  });

  it('is before it expires, for whoever asks for it all the time', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, (at, life) => {
        const held = token(at, life);
        return (
          !isWithinRefreshMargin(held, at) && isExpired(held, at + life) && isWithinRefreshMargin(held, at + life - 1)
        );
      }),
    );
  });

  it('is ahead, in the background, of the margin that users meet, and after a third of its life at the earliest', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, draw, (at, life, drawn) => {
        const held = token(at, life);
        const next = nextRefreshAt(grantOf(held), () => drawn) ?? Number.NaN;
        return next >= at + life / 3 && !isWithinRefreshMargin(held, next - 1);
      }),
    );
  });

  it('is when its time has come: what is due by the index is then renewed ahead', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, draw, (at, life, drawn) => {
        const grant = grantOf(token(at, life));
        const next = nextRefreshAt(grant, () => drawn) ?? Number.NaN;
        return tokensToRenewAhead(grant, next + 1).length === 1;
      }),
    );
  });

  it('is when the first of a grant’s tokens is due, and of those with an end alone', () => {
    fc.assert(
      fc.property(issuedAt, fc.array(lifeMs, { minLength: 1, maxLength: 4 }), draw, (at, lives, drawn) => {
        const endless: GrantedToken = { accessToken: new Secret('endless'), obtainedAt: at };
        const held = lives.map((life) => token(at, life));
        const alone = held.map((one) => nextRefreshAt(grantOf(one), () => drawn) ?? Number.NaN);
        const together = nextRefreshAt(grantOf(endless, ...held), () => drawn);
        return together === Math.min(...alone) && nextRefreshAt(grantOf(endless)) === null;
      }),
    );
  });

  it('is never for a token that nothing can renew', () => {
    fc.assert(
      fc.property(issuedAt, lifeMs, share, (at, life, passed) => {
        const { accessToken, obtainedAt, expiresAt = 0 } = token(at, life);
        const grant = grantOf({ accessToken, obtainedAt, expiresAt });
        const now = at + Math.floor(life * passed);
        return dueTokens(grant, now).length === 0 && tokensToRenewAhead(grant, now).length === 0;
      }),
    );
  });
});
