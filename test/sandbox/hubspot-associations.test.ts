import { afterEach, describe, expect, it } from '@jest/globals';
import { Client } from '@hubspot/api-client';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { authorizeUrl, closeSandboxes, connect, decide, exchangeCode, openSandbox, post } from './connect.ts';

afterEach(closeSandboxes);

const sdk = (sandbox: Sandbox, accessToken: string): Client =>
  new Client({ accessToken, basePath: `${sandbox.url}/hubspot`, numberOfApiCallRetries: 0 });

async function open(items = 250): Promise<{ sandbox: Sandbox; hubspot: Client; token: string }> {
  const sandbox = await openSandbox({ items });
  const { access_token: token } = await connect(sandbox, 'hubspot');
  return { sandbox, hubspot: sdk(sandbox, token), token };
}

const TYPES = ['contacts', 'companies', 'deals', 'tickets', 'notes', 'tasks', 'meetings', 'calls'];

/** Every live record's id. */
async function idsOf(hubspot: Client, type: string): Promise<string[]> {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await hubspot.crm.objects.basicApi.getPage(type, 100, after);
    ids.push(...page.results.map(({ id }) => id));
    after = page.paging?.next?.after;
  } while (after !== undefined);
  return ids;
}

/** `from id -> to id`, as the batch endpoint tells them. */
async function pairs(hubspot: Client, from: string, to: string): Promise<string[]> {
  const inputs = (await idsOf(hubspot, from)).map((id) => ({ id }));
  const { results } = await hubspot.crm.associations.v4.batchApi.getPage(from, to, { inputs });
  return results.flatMap((one) => one.to.map((target) => `${one._from.id} ${target.toObjectId}`));
}

describe('HubSpot’s associations in the sandbox, through the official SDK', () => {
  it('are the same from either end, between any two types', async () => {
    const { hubspot } = await open(60);
    let found = 0;
    for (const from of TYPES) {
      for (const to of TYPES.slice(0, 4).filter((type) => type !== from)) {
        const there = await pairs(hubspot, from, to);
        const back = (await pairs(hubspot, to, from)).map((pair) => pair.split(' ').reverse().join(' '));
        expect(back.sort()).toEqual(there.sort());
        found += there.length;
      }
    }
    expect(found).toBeGreaterThan(500);
  });

  it('come with a listing when asked for, the primary company once for each label', async () => {
    const { hubspot } = await open();
    const listed = (
      await hubspot.crm.contacts.getAll(100, undefined, undefined, undefined, ['companies', 'shoes'])
    ).map(({ associations }) => associations?.['companies']?.results.map(({ id, type }) => `${id} ${type}`) ?? []);
    const kinds = new Set(listed.map((ones) => ones.map((one) => one.split(' ')[1]).join('+')));
    expect([...kinds].sort()).toEqual([
      '',
      'contact_to_company+contact_to_company_unlabeled',
      'contact_to_company_unlabeled',
      'contact_to_company_unlabeled+contact_to_company+contact_to_company_unlabeled',
    ]);
    const alone = await hubspot.crm.contacts.basicApi.getPage(5);
    expect(alone.results.every((one) => one.associations === undefined)).toBe(true);
  });

  it('say the same in version 4, with the types’ own numbers', async () => {
    const { hubspot } = await open();
    const { results } = await hubspot.crm.contacts.basicApi.getPage(100, undefined, undefined, undefined, [
      'companies',
    ]);
    const inputs = results.map(({ id }) => ({ id }));
    const batch = await hubspot.crm.associations.v4.batchApi.getPage('contacts', 'companies', { inputs });
    const primary = batch.results.flatMap(({ _from, to }) =>
      to
        .filter(({ associationTypes }) =>
          associationTypes.some(({ typeId, label }) => typeId === 1 && label === 'Primary'),
        )
        .map(({ toObjectId }) => `${_from.id} ${toObjectId}`),
    );
    const listed = results.flatMap(({ id, associations }) =>
      (associations?.['companies']?.results ?? [])
        .filter(({ type }) => type === 'contact_to_company')
        .map((company) => `${id} ${company.id}`),
    );
    expect(primary).toEqual(listed);
    expect(primary.length).toBeGreaterThan(80);
    const [one] = batch.results;
    const single = await hubspot.crm.associations.v4.basicApi.getPage('contacts', one!._from.id, 'companies');
    expect(single.results.map(({ toObjectId }) => toObjectId)).toEqual(one!.to.map(({ toObjectId }) => toObjectId));
  });

  it('are told as missing with 207 where there are none', async () => {
    const { sandbox, hubspot, token } = await open();
    const withNone = (await hubspot.crm.contacts.basicApi.getPage(9)).results.at(-1)!.id;
    const path = `${sandbox.url}/hubspot/crm/v4/associations/contacts/0-2/batch/read`;
    const body = JSON.stringify({ inputs: [{ id: withNone }, { id: '5' }] });
    const answer = await post(path, body, { authorization: `Bearer ${token}` });
    expect(answer).toMatchObject({
      status: 207,
      body: {
        results: [],
        numErrors: 2,
        errors: [
          { subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND', context: { fromObjectId: [withNone] } },
          { context: { fromObjectId: ['5'] } },
        ],
      },
    });
  });

  it('are paged where a company has very many contacts', async () => {
    const { hubspot } = await open(11_000);
    const [first] = (await hubspot.crm.companies.basicApi.getPage(1, undefined, undefined, undefined, ['contacts']))
      .results;
    const beside = first!.associations?.['contacts'];
    expect(new Set(beside?.results.map(({ id }) => id)).size).toBe(100);
    expect(beside?.paging?.next?.after).toBe('100');
    const { basicApi } = hubspot.crm.associations.v4;
    const page = await basicApi.getPage('companies', first!.id, 'contacts');
    expect(page.results).toHaveLength(500);
    const rest = await basicApi.getPage('companies', first!.id, 'contacts', page.paging!.next!.after);
    expect(rest.paging).toBeUndefined();
    expect(rest.results.length).toBeGreaterThan(50);
  });

  it('need the scopes of both ends, as a listing with them does', async () => {
    const sandbox = await openSandbox();
    const location = await decide(authorizeUrl(sandbox, 'hubspot', { scope: 'oauth crm.objects.contacts.read' }));
    const { body } = await exchangeCode(sandbox, 'hubspot', location.searchParams.get('code')!);
    const hubspot = sdk(sandbox, String(body['access_token']));
    const refusal = {
      code: 403,
      body: { errors: [{ context: { requiredGranularScopes: ['crm.objects.companies.read'] } }] },
    };
    const listing = hubspot.crm.contacts.basicApi.getPage(1, undefined, undefined, undefined, ['companies']);
    await expect(listing).rejects.toMatchObject(refusal);
    const batch = hubspot.crm.associations.v4.batchApi.getPage('contacts', 'companies', { inputs: [] });
    await expect(batch).rejects.toMatchObject(refusal);
    expect((await hubspot.crm.contacts.basicApi.getPage(1)).results).toHaveLength(1);
  });
});

describe('HubSpot’s activities in the sandbox', () => {
  it('are listed to the end, those in the bin apart, and read by their own scope: that of contacts', async () => {
    const { hubspot } = await open();
    for (const api of [
      hubspot.crm.objects.notes,
      hubspot.crm.objects.tasks,
      hubspot.crm.objects.meetings,
      hubspot.crm.objects.calls,
    ]) {
      expect((await api.basicApi.getPage(100)).paging?.next?.after).toBeDefined();
      const archived = await api.basicApi.getPage(100, undefined, ['hs_body_preview'], undefined, undefined, true);
      expect(archived.results).toHaveLength(6);
      expect(archived.results.every((one) => one.archived && one.archivedAt instanceof Date)).toBe(true);
    }
  });

  it('have a title, a text, neither or both', async () => {
    const { hubspot } = await open();
    const wanted = ['hs_call_title', 'hs_body_preview'];
    const { results } = await hubspot.crm.objects.calls.basicApi.getPage(100, undefined, wanted);
    const kinds = new Set(results.map((call) => wanted.map((name) => call.properties[name] !== null).join()));
    expect(kinds.size).toBeGreaterThan(2);
  });
});
