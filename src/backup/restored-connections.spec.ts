import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { NewGrant } from '../connections/connection-repository.ts';
import { IDLE_INDEX, refreshIndexOf } from '../connections/connection-schedule.ts';
import type { Connection, Grant } from '../connections/connection.ts';
import { partitionOf } from '../connections/owner.ts';
import { Secret } from '../errors/secret.ts';
import type { RecordKey } from '../storage/key-value-store.ts';
import { IDLE_DAYS, Installation, newKey } from './fixtures/installation.ts';

const DAY_MS = 86_400_000;
const OWNER = { orgId: 'acme', userId: 'ann' } as const;
const [OLD, NEW] = [newKey('old'), newKey('new')];
const NEW_AND_OLD = `${NEW},${OLD}`;

class House extends Installation {
  async token(connectionId: string): Promise<string | undefined> {
    const found = await this.connections.find(OWNER, 'notion', connectionId);
    return found?.grant.primary.accessToken.reveal();
  }

  /** All connections and markers, and when which of them is due. What is due and has gone is passed over by the service too. */
  async state(): Promise<unknown> {
    const found = async (collection: string) => (await this.store.walk(collection, 1000)).records;
    const connections = (await found('connection')).map(({ key, value }) => {
      const { connection } = JSON.parse(value) as { connection: unknown };
      return [`${key.partition}/${key.id}`, connection] as const;
    });
    const stands = new Set<string>(connections.map(([member]) => member));
    const due = async (index: string) => {
      const members = await this.store.listDue(index, Number.MAX_SAFE_INTEGER, 1000);
      return members.filter(({ member }) => stands.has(member));
    };
    const markers = (await found('connection-account')).map(({ key, value }) => [key.id, value]);
    return { connections, markers, refresh: await due(refreshIndexOf('notion')), idle: await due(IDLE_INDEX) };
  }
}

const NOTHING = { connections: [], markers: [], refresh: [], idle: [] };

function grant(token: string, expiresAt: number): Grant {
  const primary = {
    accessToken: new Secret(token),
    refreshToken: new Secret(`${token}-refresh`),
    obtainedAt: Date.now(),
    expiresAt,
  };
  return { primary, additional: new Map() };
}

const granted = (token: string, account = 'a1'): NewGrant => ({
  owner: OWNER,
  integration: 'notion',
  clientId: 'app',
  account: { id: account, name: 'Canary Ltd' },
  scopes: ['read'],
  requestedScopes: ['read'],
  grant: grant(token, Date.now() + 3_600_000),
});

const keyOf = ({ connectionId }: Connection): RecordKey => ({
  ...{ collection: 'connection', partition: partitionOf(OWNER), id: connectionId },
});

describe('A connection that is restored', () => {
  let now: number;
  let from: House;
  let to: House;
  let real: () => number;
  beforeEach(() => {
    real = Date.now;
    now = real();
    Date.now = () => now;
    [from, to] = [new House(OLD, () => now), new House(NEW_AND_OLD, () => now)];
  });
  afterEach(async () => {
    Date.now = real;
    await Promise.all([from.store.close(), to.store.close()]);
  });

  it('is as it was, with its id, and sealed with the key that is active here', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    expect(await to.restore(await from.backUp())).toEqual(['restored']);
    expect(await to.connections.list(OWNER)).toEqual([saved]);
    expect(await to.token(saved.connectionId)).toBe('t1');
    expect((await to.store.get(keyOf(saved)))?.value).toContain('"pb1.new.');
  });

  it('is the one that its account has: to connect again renews it', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    await to.restore(await from.backUp());
    const again = await to.connections.saveGrant(granted('t2'));
    expect(again.connectionId).toBe(saved.connectionId);
    expect(await to.connections.list(OWNER)).toHaveLength(1);
  });

  it('is renewed and ended when it would have been', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    now += 10 * DAY_MS;
    await to.restore(await from.backUp());
    const member = `${partitionOf(OWNER)}/${saved.connectionId}`;
    const due = (index: string) => to.store.listDue(index, Number.MAX_SAFE_INTEGER, 10);
    expect(await due(refreshIndexOf('notion'))).toEqual([{ member, dueAtMs: saved.refresh.nextAt }]);
    expect(await due(IDLE_INDEX)).toEqual([{ member, dueAtMs: saved.authorizedAt + IDLE_DAYS * DAY_MS }]);
    // A restore is no use: it lengthens no life.
    const [walked] = (await to.store.walk('connection', 10)).records;
    expect(walked?.ttlSeconds).toBeLessThanOrEqual((IDLE_DAYS - 10 + 1) * 86_400);
  });

  it('is renewed ahead of need although its record, of a first release, does not say when', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    const open = await from.connections.find(OWNER, 'notion', saved.connectionId);
    if (open === undefined) throw new Error('It is gone.');
    const { connection } = open;
    await from.connections.replace(
      open,
      { ...connection, refresh: { ...connection.refresh, nextAt: null } },
      open.grant,
    );
    await to.restore(await from.backUp());
    expect(await to.store.listDue(refreshIndexOf('notion'), now + 3_600_000, 10)).toHaveLength(1);
  });

  it('is left out when it would be ended at once, unused for so long', async () => {
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    now += IDLE_DAYS * DAY_MS;
    expect(await to.restore(records)).toEqual(['lapsed']);
    expect(await to.connections.list(OWNER)).toEqual([]);
  });

  it('gives way to what stands there and is as new, and takes the place of what is older', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    const first = await from.backUp();
    await to.restore(first);
    now += 1000;
    await from.connections.saveGrant(granted('t2'));
    const second = await from.backUp();
    expect(await to.restore(second)).toEqual(['restored']);
    expect(await to.token(saved.connectionId)).toBe('t2');
    expect(await to.restore(second)).toEqual(['kept']);
    expect(await to.restore(first)).toEqual(['kept']);
    expect(await to.token(saved.connectionId)).toBe('t2');
    expect((await to.store.get(keyOf(saved)))?.version).toBe(2);
  });

  it('gives way to a newer connection of the same account, under whatever id', async () => {
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    now += 1000;
    const theirs = await to.connections.saveGrant(granted('t2'));
    expect(await to.restore(records)).toEqual(['kept']);
    expect(await to.connections.list(OWNER)).toEqual([theirs]);
  });

  it('takes the place of an older connection of the same account: an account has one', async () => {
    const theirs = await to.connections.saveGrant(granted('t0'));
    const other = await to.connections.saveGrant(granted('t0', 'a2'));
    now += 1000;
    const saved = await from.connections.saveGrant(granted('t1'));
    expect(await to.restore(await from.backUp())).toEqual(['restored']);
    expect(await to.connections.list(OWNER)).toEqual([saved, other]);
    expect((await to.connections.saveGrant(granted('t2'))).connectionId).toBe(saved.connectionId);
    const due = await to.store.listDue(IDLE_INDEX, Number.MAX_SAFE_INTEGER, 10);
    expect(due.filter(({ member }) => member.includes(theirs.connectionId))).toEqual([]);
  });

  it('takes the place of what nobody can open, however new that is', async () => {
    const saved = await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    await to.restore(records);
    const stored = await to.store.get(keyOf(saved));
    now += 1000;
    const damaged = (stored?.value ?? '')
      .replace(/"updatedAt":\d+/, `"updatedAt":${now}`)
      .replace('pb1.new', 'pb1.gone');
    expect(damaged).not.toBe(stored?.value);
    await to.store.put(keyOf(saved), damaged);
    expect(await to.restore(records)).toEqual(['restored']);
    expect(await to.token(saved.connectionId)).toBe('t1');
    await to.store.put(keyOf(saved), 'rubbish');
    expect(await to.restore(records)).toEqual(['restored']);
    expect(await to.token(saved.connectionId)).toBe('t1');
  });

  it('takes the place of what its account’s marker names, when that has gone', async () => {
    const theirs = await to.connections.saveGrant(granted('t0'));
    await to.store.delete(keyOf(theirs));
    const saved = await from.connections.saveGrant(granted('t1'));
    expect(await to.restore(await from.backUp())).toEqual(['restored']);
    expect((await to.connections.saveGrant(granted('t2'))).connectionId).toBe(saved.connectionId);
  });

  it('that gives way leaves the other one with its marker', async () => {
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    now += 1000;
    const theirs = await to.connections.saveGrant(granted('t2'));
    for (const { key } of (await to.store.walk('connection-account', 10)).records) await to.store.delete(key);
    expect(await to.restore(records)).toEqual(['kept']);
    expect((await to.connections.saveGrant(granted('t3'))).connectionId).toBe(theirs.connectionId);
  });

  it('is the only one of its account, whenever the account is connected meanwhile', async () => {
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    for (let turns = 0; turns < 12; turns += 1) {
      const house = new House(NEW_AND_OLD, () => now);
      const restored = house.restore(records);
      for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      now += 1000;
      const [, connected] = await Promise.all([restored, house.connections.saveGrant(granted('t2'))]);
      const [only, ...others] = await house.connections.list(OWNER);
      expect(others).toEqual([]);
      expect(await house.token(only?.connectionId ?? '')).toBe('t2');
      expect(only?.connectionId).toBe(connected.connectionId);
      expect((await house.connections.saveGrant(granted('t3'))).connectionId).toBe(only?.connectionId);
      await house.store.close();
    }
  });

  it('is refused when its record was made for another place', async () => {
    await from.connections.saveGrant(granted('t1'));
    const [record] = await from.backUp();
    if (record === undefined) throw new Error('There is no record.');
    const elsewhere = { ...record, partition: partitionOf({ orgId: 'other', userId: 'eve' }) };
    await expect(to.restore([elsewhere])).rejects.toThrow('unreadable');
    await expect(to.restore([{ ...record, version: 2 }])).rejects.toThrow("can't be opened");
    expect(await to.state()).toEqual(NOTHING);
  });

  it('changes nothing when it is only asked what would become of it', async () => {
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    expect(await to.restore(records, { dryRun: true })).toEqual(['restored']);
    expect(await to.state()).toEqual(NOTHING);
    await to.restore(records);
    const state = await to.state();
    expect(await to.restore(records, { dryRun: true })).toEqual(['kept']);
    expect(await to.state()).toEqual(state);
  });

  it.each([
    ['an empty store', false],
    ['a store with an older connection of the account', true],
  ])('into %s ends the same, whichever write a first run was killed before', async (_which, hasOlder) => {
    const prepared = async (): Promise<House> => {
      const house = new House(NEW_AND_OLD, () => now);
      if (hasOlder) await house.connections.saveGrant(granted('t0'));
      return house;
    };
    const houses = [await prepared()];
    now += 1000;
    await from.connections.saveGrant(granted('t1'));
    const records = await from.backUp();
    await houses[0]?.restore(records);
    const whole = await houses[0]?.state();

    let killed = 0;
    for (let writes = 0; ; writes += 1) {
      now -= 1000;
      const house = await prepared();
      now += 1000;
      houses.push(house);
      house.store.writesLeft = writes;
      const isDone = await house.restore(records).then(
        () => true,
        () => false,
      );
      house.store.writesLeft = Number.POSITIVE_INFINITY;
      await house.restore(records);
      expect(await house.state()).toEqual(whole);
      if (isDone) break;
      killed += 1;
    }
    expect(killed).toBeGreaterThanOrEqual(hasOlder ? 8 : 4);
    for (const house of houses) await house.store.close();
  });
});
