import { describe, expect, it } from '@jest/globals';
import { GrantRevoker, REVOKE_WITHIN_MS } from '../../src/connections/grant-revoker.ts';
import { partitionOf } from '../../src/connections/owner.ts';
import { json } from '../../src/outbound/fixtures/provider-stub.ts';
import { KeyValueStore, type RecordKey } from '../../src/storage/key-value-store.ts';
import { eventually } from '../support/eventually.ts';
import { FOR_EVER_MS, INSIDE_MARGIN, isRefresh, NAMES, type TokenLifeBench } from './token-life-bench.ts';

/** How a connection ends, and begins again. */
export function describeEnds(bench: TokenLifeBench): void {
  /** Airtable has nowhere to revoke at, and the answer says so. */
  const canRevoke = (name: string): boolean => name !== 'airtable';

  describe.each(NAMES)('Connecting %s again', (name) => {
    it('heals the same connection once its grant was dead', async () => {
      const { connection_id, created_at } = await bench.connect(name);
      await bench.control.expire(name, 'grant');
      await bench.endToken(name);
      expect((await bench.use(name)).status).toBe(409);
      expect(await bench.connection(name)).toMatchObject({ reason: 'grant_revoked', ended_at: expect.any(String) });

      const healed = await bench.connect(name);
      expect(healed).toMatchObject({ connection_id, created_at, status: 'active', reason: null, ended_at: null });
      expect(healed['next_refresh_at']).toEqual(name === 'notion' ? null : expect.any(String));
      expect(await bench.connections()).toHaveLength(1);
      expect((await bench.load(name)).status).toBe(200);
      expect((await bench.credentials(name)).status).toBe(200);
    });

    it('forgets the failures before it, and what they made it wait for', async () => {
      await bench.connect(name);
      bench.gate.answer = (response, request) => {
        const answer = isRefresh(request)
          ? json({ ok: false, error: 'x' }, 503, { 'retry-after': '3600' })
          : bench.through;
        answer(response, request);
      };
      await bench.endToken(name);
      await bench.use(name);
      expect(await bench.connection(name)).toMatchObject({ refresh_failure: { failures: 1 } });
      bench.gate.answer = bench.through;

      const healed = await bench.connect(name);
      expect(healed).toMatchObject({ status: 'active', refresh_failure: null });
      await bench.endToken(name);
      expect((await bench.use(name)).status).toBe(200);
      expect(bench.presented()).toBe(2);
    });
  });

  describe.each(NAMES)('Disconnecting %s', (name) => {
    it('deletes ours, and tells whether the provider revoked', async () => {
      await bench.connect(name);
      expect((await bench.disconnect(name)).json).toEqual({ deleted: true, revoked: canRevoke(name) });
      expect((await bench.control.stats(name)).revocations > 0).toBe(canRevoke(name));
      expect(await bench.connections()).toEqual([]);
      expect((await bench.use(name)).status).toBe(404);
    });

    it('deletes ours when the provider fails', async () => {
      await bench.connect(name);
      await bench.control.fault({ provider: name, mode: 'status', status: 500 });
      const answer = await bench.disconnect(name);
      expect([answer.status, answer.json]).toEqual([200, { deleted: true, revoked: false }]);
      expect(await bench.connections()).toEqual([]);
    });

    it('while it is refreshed leaves nothing here, and nothing alive there', async () => {
      const { connection_id } = await bench.connect(name);
      await bench.endToken(name);
      const slow = { provider: name, endpoint: 'token', grant_type: 'refresh_token', mode: 'slow' } as const;
      await bench.control.fault({ ...slow, when: 'after', delay_ms: FOR_EVER_MS });
      const used = bench.use(name);
      await eventually(
        () => bench.control.stats(name),
        ({ refreshes }) => refreshes === 1,
      );
      expect((await bench.disconnect(name)).status).toBe(200);
      const { revocations } = await bench.control.stats(name);
      await bench.control.clearFaults();
      expect((await used).json['error']).toBe('connection_not_found');
      expect(await bench.connections()).toEqual([]);
      expect((await bench.disconnect(name, { connection_id })).status).toBe(404);
      // HubSpot's refresh token is the old one, which is gone already.
      const revokedLate = (await bench.control.stats(name)).revocations - revocations;
      expect(revokedLate > 0).toBe(canRevoke(name) && name !== 'hubspot');
    });

    it.each([
      ['opened', (value: string) => value.replace(/(?<="grant":".{40})./, (at) => (at === '_' ? '-' : '_'))],
      ['read', () => '{"format":1,"conn'],
    ])('works for a connection that can’t be %s', async (_what, damage) => {
      const { connection_id } = await bench.connect(name);
      const store = bench.patchbay.application.get(KeyValueStore, { strict: false });
      const { org_id: orgId, user_id: userId } = bench.owner;
      const key: RecordKey = { collection: 'connection', partition: partitionOf({ orgId, userId }), id: connection_id };
      const value = (await store.get(key))?.value ?? '';
      expect(damage(value)).not.toBe(value);
      await store.put(key, damage(value));
      expect((await bench.credentials(name, { connection_id })).status).toBe(500);
      const answer = await bench.disconnect(name, { connection_id });
      expect([answer.status, answer.json]).toEqual([200, { deleted: true, revoked: false }]);
      expect((await bench.disconnect(name, { connection_id })).status).toBe(404);
      expect(await bench.connect(name)).toMatchObject({ status: 'active' });
    });
  });

  describe('Disconnecting', () => {
    it('does not wait for a provider that does not answer', async () => {
      const revoker = bench.patchbay.application.get(GrantRevoker, { strict: false });
      for (const name of NAMES) {
        await bench.connect(name);
        await bench.control.fault({ provider: name, mode: 'slow', when: 'after', delay_ms: FOR_EVER_MS });
      }
      Object.assign(revoker, { patienceMs: 1 });
      const answers = await Promise.all(NAMES.map((name) => bench.disconnect(name)));
      Object.assign(revoker, { patienceMs: REVOKE_WITHIN_MS });
      expect(answers.map(({ json: body }) => body)).toEqual(NAMES.map(() => ({ deleted: true, revoked: false })));
      expect(await bench.connections()).toEqual([]);
      // Not in the middle of the next test.
      for (const name of NAMES.filter(canRevoke)) {
        await eventually(
          () => bench.control.stats(name),
          ({ revocations }) => revocations > 0,
        );
      }
    });

    it.each(NAMES.filter((name) => name !== 'notion'))(
      'hands out no old token of %s to a caller who asked before',
      async (name) => {
        await bench.connect(name);
        bench.later(INSIDE_MARGIN);
        const slow = { provider: name, endpoint: 'token', grant_type: 'refresh_token', mode: 'slow' } as const;
        await bench.control.fault({ ...slow, when: 'after', delay_ms: FOR_EVER_MS });
        const used = bench.credentials(name);
        await eventually(
          () => bench.control.stats(name),
          ({ refreshes }) => refreshes === 1,
        );
        await bench.disconnect(name);
        await bench.control.clearFaults();
        expect((await used).status).toBe(404);
      },
    );
  });

  describe('A grant whose account can’t be told', () => {
    it('is revoked, and connects nothing', async () => {
      // Notion's answer names the bot that it is for.
      bench.change = (body) => ({ ...body, bot_id: null });
      await expect(bench.connect('notion')).rejects.toThrow('502');
      expect(await bench.connections()).toEqual([]);
      expect(await bench.control.stats('notion')).toMatchObject({ exchanges: 1, revocations: 1 });
    });

    it('connects nothing where the provider can’t revoke either', async () => {
      await bench.control.fault({ provider: 'airtable', endpoint: 'api', mode: 'status', status: 500 });
      await expect(bench.connect('airtable')).rejects.toThrow('502');
      expect(await bench.connections()).toEqual([]);
      expect(await bench.control.stats('airtable')).toMatchObject({ exchanges: 1, revocations: 0 });
    });
  });
}
