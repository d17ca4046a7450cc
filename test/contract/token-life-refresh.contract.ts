import { describe, expect, it } from '@jest/globals';
import { ConnectionUses } from '../../src/connections/connection-uses.ts';
import { KeyValueStore } from '../../src/storage/key-value-store.ts';
import { eventually } from '../support/eventually.ts';
import { EXPIRED, FOR_EVER_MS, INSIDE_MARGIN, LIFE, NAMES, type TokenLifeBench } from './token-life-bench.ts';

/** When tokens are refreshed, and for whom. */
export function describeRefreshes(bench: TokenLifeBench): void {
  const tokenOf = async (name: string): Promise<unknown> => (await bench.credentials(name)).json['access_token'];
  const MARGIN = 360;

  describe.each(NAMES.filter((name) => name !== 'notion'))('A token of %s', (name) => {
    it('is left alone until its margin', async () => {
      await bench.connect(name);
      const first = await tokenOf(name);
      bench.later(LIFE - MARGIN - 2);
      expect(await tokenOf(name)).toBe(first);
      expect(bench.presented()).toBe(0);
    });

    it('is refreshed inside its margin, once for everybody who asks', async () => {
      await bench.connect(name);
      const first = await tokenOf(name);
      bench.later(LIFE - MARGIN + 1);
      const answers = await Promise.all(Array.from({ length: 20 }, () => bench.credentials(name)));
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
      expect(bench.presented()).toBe(1);
      const fresh = await tokenOf(name);
      expect(fresh).not.toBe(first);
      expect(new Set(answers.map(({ json }) => json['access_token']))).toContain(fresh);
    });

    it('that has expired is waited for by all, and refreshed once', async () => {
      await bench.connect(name);
      const first = await tokenOf(name);
      bench.later(EXPIRED);
      const answers = await Promise.all(Array.from({ length: 20 }, () => bench.credentials(name)));
      const tokens = new Set(answers.map(({ json }) => json['access_token']));
      expect([...tokens]).toEqual([expect.any(String)]);
      expect([...tokens]).not.toContain(first);
      expect(bench.presented()).toBe(1);
      expect((await bench.control.stats(name)).rotated_token_reuse).toBe(0);
    });

    it('tells when it was refreshed, when it ends and when it is refreshed next', async () => {
      const { expires_at: firstEnd, last_refreshed_at } = await bench.connect(name);
      expect(last_refreshed_at).toBeNull();
      bench.later(INSIDE_MARGIN);
      await bench.credentials(name);
      const connection = await bench.connection(name);
      const now = Date.now();
      expect(Date.parse(String(connection['last_refreshed_at']))).toBe(now);
      expect(Date.parse(String(connection['expires_at']))).toBe(now + LIFE * 1000);
      expect(connection['expires_at']).not.toBe(firstEnd);
      const next = Date.parse(String(connection['next_refresh_at']));
      expect(next).toBeGreaterThan(now);
      expect(next).toBeLessThanOrEqual(now + (LIFE - MARGIN) * 1000);
    });
  });

  describe('A slow token endpoint', () => {
    const slow = { provider: 'hubspot', endpoint: 'token', mode: 'slow', delay_ms: FOR_EVER_MS };

    it('holds one caller at most whose old token lasts, and its answer is stored', async () => {
      await bench.connect('hubspot');
      const old = await tokenOf('hubspot');
      bench.later(INSIDE_MARGIN);
      await bench.control.fault(slow);
      const first = tokenOf('hubspot');
      await eventually(
        () => bench.presented(),
        (count) => count === 1,
      );
      const others = await Promise.all(Array.from({ length: 3 }, () => tokenOf('hubspot')));
      expect(new Set(others)).toEqual(new Set([old]));
      await bench.control.clearFaults();
      const fresh = await first;
      expect(fresh).not.toBe(old);
      expect(await tokenOf('hubspot')).toBe(fresh);
      expect(bench.presented()).toBe(1);
    });

    it('gives that caller the old token in the end, and its answer is stored all the same', async () => {
      await bench.connect('hubspot');
      const old = await tokenOf('hubspot');
      bench.later(INSIDE_MARGIN);
      await bench.control.fault(slow);
      bench.letCallersWait({ notNeededYet: 1, needed: FOR_EVER_MS });
      // The token endpoint says nothing until the faults are cleared.
      expect(await tokenOf('hubspot')).toBe(old);
      await eventually(
        () => bench.presented(),
        (count) => count === 1,
      );
      await bench.control.clearFaults();
      const fresh = await eventually(
        () => tokenOf('hubspot'),
        (token) => token !== old,
      );
      expect(fresh).toEqual(expect.any(String));
      expect(bench.presented()).toBe(1);
    });

    it('holds those whose token has expired until it answers', async () => {
      await bench.connect('slack');
      const old = await tokenOf('slack');
      bench.later(EXPIRED);
      await bench.control.fault({ ...slow, provider: 'slack' });
      const waiting = Promise.all(Array.from({ length: 10 }, () => bench.credentials('slack')));
      await eventually(
        () => bench.presented(),
        (count) => count === 1,
      );
      await bench.control.clearFaults();
      const answers = await waiting;
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const tokens = new Set(answers.map(({ json }) => json['access_token']));
      expect(tokens.size).toBe(1);
      expect(tokens).not.toContain(old);
      expect(bench.presented()).toBe(1);
    });
  });

  describe('Reading credentials while the token is fresh', () => {
    it.each(NAMES)('writes nothing for %s, and tells the use at once', async (name) => {
      await bench.connect(name);
      await bench.credentials(name);
      // The first use is worth a write of its own, in the background.
      await bench.patchbay.application.get(ConnectionUses, { strict: false }).flush();
      const written = countWrites(bench.patchbay.application.get(KeyValueStore, { strict: false }));
      bench.later(60);
      for (let round = 0; round < 3; round += 1) {
        await Promise.all(Array.from({ length: 10 }, () => bench.credentials(name)));
      }
      expect(written.stop()).toEqual([]);
      const connection = await bench.connection(name);
      expect(connection['last_used_at']).toBe(new Date().toISOString());
    });

    it('keeps the last use over a restart', async () => {
      await bench.connect('airtable');
      bench.later(60);
      await bench.credentials('airtable');
      const usedAt = new Date().toISOString();
      await bench.patchbay.restart();
      bench.later(60);
      expect((await bench.connection('airtable'))['last_used_at']).toBe(usedAt);
    });
  });

  /** What is written about connections: a signed request itself leaves its nonce, and counts against limits. */
  function countWrites(store: KeyValueStore): { stop(): readonly string[] } {
    const written: string[] = [];
    const writes = ['put', 'putIfAbsent', 'compareAndSet', 'delete', 'take'] as const;
    const others = ['schedule', 'unschedule', 'acquireLease', 'renewLease', 'releaseLease', 'claimDue'] as const;
    const target = store as unknown as Record<string, unknown>;
    for (const name of [...writes, ...others]) {
      const real = target[name] as (...values: unknown[]) => unknown;
      target[name] = (...values: unknown[]): unknown => {
        const { collection } = values[0] as { collection?: string };
        if (collection === undefined || collection.startsWith('connection'))
          written.push(`${name} ${collection ?? ''}`);
        return real.apply(store, values);
      };
    }
    return {
      stop: () => {
        for (const name of [...writes, ...others]) Reflect.deleteProperty(target, name);
        return written;
      },
    };
  }
}
