import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { describeWithRedis, startRedis, type RedisServer } from '../support/redis-server.ts';
import type { Answer, Browser } from '../support/http-browser.ts';

/** A store’s own files, for who can write to them but has no key. Versions are the store's, and stay. */
interface Tampering {
  read(connectionId: string): Promise<string>;
  write(connectionId: string, value: string): Promise<void>;
  end(): void;
}

interface Case {
  readonly patchbay: RunningPatchbay;
  readonly tampering: Tampering;
  end(): Promise<void>;
}

function inSqlite(dataDir: string): Tampering {
  const database = new DatabaseSync(join(dataDir, 'patchbay.sqlite'));
  const select = database.prepare("SELECT value FROM records WHERE collection = 'connection' AND id = ?");
  const update = database.prepare("UPDATE records SET value = ? WHERE collection = 'connection' AND id = ?");
  return {
    read: (id) => Promise.resolve(String(select.get(id)?.['value'])),
    write: (id, value) => Promise.resolve(void update.run(value, id)),
    end: () => {
      database.close();
    },
  };
}

function inRedis(url: string): Tampering {
  const client = new Redis(url);
  const stored = async (id: string): Promise<{ key: string; version: string; value: string }> => {
    const [key = ''] = await client.keys(`pb:{*}:connection:${id}`);
    const [, version = '', value = ''] = /^(\d*:\d+:)(.*)$/s.exec((await client.get(key)) ?? '') ?? [];
    return { key, version, value };
  };
  return {
    read: async (id) => (await stored(id)).value,
    write: async (id, value) => {
      const { key, version } = await stored(id);
      await client.set(key, version + value, 'KEEPTTL');
    },
    end: () => {
      client.disconnect();
    },
  };
}

async function onSqlite(): Promise<Case> {
  const patchbay = await startPatchbay();
  const tampering = inSqlite(patchbay.dataDir);
  return {
    patchbay,
    tampering,
    end: async () => {
      tampering.end();
      await patchbay.close();
    },
  };
}

async function onRedis(): Promise<Case> {
  const redis: RedisServer = await startRedis();
  const patchbay = await startPatchbay({ environment: { REDIS_URL: redis.url } });
  const tampering = inRedis(redis.url);
  return {
    patchbay,
    tampering,
    end: async () => {
      tampering.end();
      await patchbay.close();
      await redis.stop();
    },
  };
}

/** The sealed part of a stored connection, put into another. */
function withGrantOf(value: string, other: string): string {
  const grantIn = (text: string): unknown => (JSON.parse(text) as { grant: unknown }).grant;
  return JSON.stringify({ ...(JSON.parse(value) as object), grant: grantIn(other) });
}

function failClosed(start: () => Promise<Case>): void {
  let one: Case;
  let browser: Browser;
  let ids: Record<string, string>;

  const connect = async (integration: string): Promise<string> => {
    const page = await browser.connect(integration, OWNER);
    if (page.status !== 200) throw new Error(page.text);
    const { json } = await browser.get(`/connections?${new URLSearchParams(OWNER).toString()}`);
    const listed = json['connections'] as { connection_id: string; integration: string }[];
    return listed.find((connection) => connection.integration === integration)?.connection_id ?? '';
  };
  const load = (integration: string): Promise<Answer> =>
    browser.post(`/integrations/${integration}/load`, { ...OWNER, connection_id: ids[integration] });
  const outcomes = async (): Promise<Record<string, unknown>> => {
    const loads = Object.keys(ids).map(async (name) => {
      const { status, json } = await load(name);
      return [name, status === 200 ? 'works' : `${status} ${String(json['error'])}`] as const;
    });
    return Object.fromEntries(await Promise.all(loads));
  };
  const read = (integration: string): Promise<string> => one.tampering.read(ids[integration] ?? '');
  const write = (integration: string, value: string): Promise<void> =>
    one.tampering.write(ids[integration] ?? '', value);

  beforeEach(async () => {
    one = await start();
    browser = one.patchbay.newBrowser();
    ids = {};
    for (const name of ['notion', 'hubspot', 'airtable']) ids[name] = await connect(name);
    expect(await outcomes()).toEqual({ notion: 'works', hubspot: 'works', airtable: 'works' });
    // What it has noted and not written yet must not be written over what the test does.
    await one.patchbay.restart();
  });
  afterEach(() => one.end());

  it('when the ciphertexts of two are swapped: both, and no other', async () => {
    const [notion, hubspot] = [await read('notion'), await read('hubspot')];
    await write('notion', withGrantOf(notion, hubspot));
    await write('hubspot', withGrantOf(hubspot, notion));
    const failed = '500 internal_error';
    expect(await outcomes()).toEqual({ notion: failed, hubspot: failed, airtable: 'works' });
    const { json } = await load('notion');
    expect(json).toMatchObject({ error: 'internal_error', message: expect.stringContaining("can't be opened") });
  });

  it('when the whole records of two are swapped: both, and no other', async () => {
    const [notion, hubspot] = [await read('notion'), await read('hubspot')];
    await write('notion', hubspot);
    await write('hubspot', notion);
    const failed = '500 internal_error';
    expect(await outcomes()).toEqual({ notion: failed, hubspot: failed, airtable: 'works' });
  });

  it('when one is rolled back to an earlier value: it alone, until its owner connects again', async () => {
    const earlier = await read('notion');
    await connect('notion');
    expect(await read('notion')).not.toBe(earlier);
    await write('notion', earlier);
    expect(await outcomes()).toEqual({ notion: '500 internal_error', hubspot: 'works', airtable: 'works' });

    expect(await connect('notion')).toBe(ids['notion']);
    expect(await outcomes()).toEqual({ notion: 'works', hubspot: 'works', airtable: 'works' });
  });

  it('when a bit of one is flipped: it alone', async () => {
    const value = await read('airtable');
    const at = value.lastIndexOf('.') + 3;
    await write('airtable', value.slice(0, at) + (value[at] === 'A' ? 'B' : 'A') + value.slice(at + 1));
    expect(await outcomes()).toEqual({ notion: 'works', hubspot: 'works', airtable: '500 internal_error' });
  });
}

describe('In the embedded store, a connection fails closed', () => {
  failClosed(onSqlite);
});

describeWithRedis('On Redis, a connection fails closed', () => {
  failClosed(onRedis);
});
