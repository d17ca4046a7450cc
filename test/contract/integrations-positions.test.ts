import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CredentialCipher } from '../../src/crypto/credential-cipher.ts';
import { Secret } from '../../src/errors/secret.ts';
import { registry } from '../../src/integrations/registry.ts';
import type { Answer, Browser } from '../support/http-browser.ts';
import { streamWhole } from '../support/load-all.ts';
import { LONG_DEADLINES, OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

const OTHER = { ...OWNER, user_id: 'bob' };
const SINCE = '2026-01-01T00:00:00Z';
const ACCEPT = { 'a page': 'application/json', 'a stream': 'application/x-ndjson' } as const;

type Position = Readonly<Record<'cursor' | 'checkpoint', string>>;

let patchbay: RunningPatchbay;
beforeAll(async () => {
  patchbay = await startPatchbay({ deadlines: LONG_DEADLINES });
});
afterAll(() => patchbay.close());

describe.each(registry.map(({ descriptor }) => descriptor))('Where a load of $name goes on', (descriptor) => {
  const { name, itemTypes, defaultItemTypes } = descriptor;
  let browser: Browser;
  let connectionIds: readonly string[];
  let given: Position;

  beforeAll(async () => {
    browser = patchbay.newBrowser();
    await browser.connect(name, OTHER);
    const { authorization_url } = await browser.begin(name, OWNER);
    const account = await browser.secondAccount(authorization_url);
    await browser.arrive(await browser.decide(authorization_url, 'approve', { account }));
    await browser.connect(name, OWNER);
    const { json } = await browser.get(`/connections?user_id=${OWNER.user_id}&org_id=${OWNER.org_id}`);
    const connections = json['connections'] as { connection_id: string; integration: string }[];
    connectionIds = connections.filter((one) => one.integration === name).map((one) => one.connection_id);
    const { json: page } = await browser.post(`/integrations/${name}/load`, { ...OWNER, page_size: 1 });
    const { checkpoint } = await streamWhole(browser, name, OWNER);
    given = { cursor: String(page['next_cursor']), checkpoint };
  });

  const load = (query: Record<string, unknown>, accept: string = ACCEPT['a page']): Promise<Answer> =>
    browser.call('POST', `/integrations/${name}/load`, { ...OWNER, ...query }, { accept });

  async function expectInvalid(query: Record<string, unknown>): Promise<void> {
    for (const accept of Object.values(ACCEPT)) {
      const { status, json } = await load(query, accept);
      expect([status, json['error']]).toEqual([422, 'cursor_invalid']);
    }
  }

  it.each(Object.entries(ACCEPT))('is said by a cursor and by a checkpoint, for %s', async (_what, accept) => {
    for (const kind of ['cursor', 'checkpoint'] as const) {
      const named = { connection_id: connectionIds[0], item_types: defaultItemTypes };
      expect((await load({ [kind]: given[kind] }, accept)).status).toBe(200);
      expect((await load({ ...named, [kind]: given[kind] }, accept)).status).toBe(200);
    }
  });

  describe.each(['cursor', 'checkpoint'] as const)('by its %s', (kind) => {
    it('can’t be altered', async () => {
      const position = given[kind];
      const places = [0, 4, Math.floor(position.length / 3), Math.floor(position.length / 2), position.length - 1];
      const altered = places.map((place) => {
        const other = position[place] === 'A' ? 'B' : 'A';
        return position.slice(0, place) + other + position.slice(place + 1);
      });
      for (const text of [...altered, position.slice(0, -1), `${position}A`, 'a', position.repeat(2)])
        await expectInvalid({ [kind]: text });
    });

    it('is where it is for its connection alone', async () => {
      expect(connectionIds).toHaveLength(2);
      await expectInvalid({ [kind]: given[kind], connection_id: connectionIds[1] });
      await expectInvalid({ [kind]: given[kind], ...OTHER });
    });

    it('is where it is for its item types alone, in their order', async () => {
      const others = [itemTypes.slice(0, 1), [...defaultItemTypes].reverse(), [...defaultItemTypes, itemTypes.at(-1)]];
      for (const item_types of others) await expectInvalid({ [kind]: given[kind], item_types });
    });

    it('is not understood in an older format', async () => {
      const cipher = patchbay.application.get(CredentialCipher, { strict: false });
      const { org_id: orgId, user_id: userId } = OWNER;
      const context = { orgId, userId, integration: name, connectionId: connectionIds[0] ?? '', recordVersion: 1 };
      const older = cipher.seal(new Secret('{"query":"","position":{}}'), { ...context, purpose: 'cursor' });
      await expectInvalid({ [kind]: older });
    });
  });

  it('is not said by a cursor in a checkpoint’s place, nor the other way round', async () => {
    await expectInvalid({ cursor: given.checkpoint });
    await expectInvalid({ checkpoint: given.cursor });
  });

  it('is not said by a cursor for another time to go back to', async () => {
    await expectInvalid({ cursor: given.cursor, modified_since: SINCE });
  });

  it.each(Object.entries(ACCEPT))(
    'is one place: %s has no checkpoint beside a cursor or a time',
    async (_what, accept) => {
      const asked = { checkpoint: given.checkpoint, cursor: given.cursor, modified_since: SINCE };
      for (const fields of [['cursor'], ['modified_since'], ['cursor', 'modified_since']] as const) {
        const query = {
          checkpoint: asked.checkpoint,
          ...Object.fromEntries(fields.map((field) => [field, asked[field]])),
        };
        const { status, json } = await load(query, accept);
        expect([status, json['error']]).toEqual([400, 'invalid_request']);
        const { fields: told } = json['details'] as { fields: { field: string }[] };
        expect(told.map(({ field }) => field)).toEqual(fields);
      }
    },
  );
});
