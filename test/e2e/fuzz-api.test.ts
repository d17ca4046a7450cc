import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readDocument } from '../support/answer-validator.ts';
import { OWNER, startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';
import { requestsFor, type OddRequest } from '../support/request-arbitraries.ts';
import { newClient, newSession, type SignedCaller } from '../support/signed-caller.ts';

/** FUZZ_RUNS=20000 FUZZ_SEED=7 npm test -- test/e2e/fuzz */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 400);
const SEED = Number(process.env['FUZZ_SEED'] ?? 20_261_121);

const document = readDocument();
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .map(([method, operation]) => ({ path, method: method.toUpperCase(), operation }))
    // The session that asks is needed to the end.
    .filter(({ operation }) => operation.operationId !== 'Sessions_end'),
);

/** What a request that suits holds. What only this very installation would know of is left out. */
function membersOf(method: string): Record<string, unknown> {
  const unknowable = ['connection_id', 'item_types', 'scopes', 'return_url', 'origin', 'cursor'];
  // Nobody is disconnected, so that there is something to load for the others.
  const owner = method === 'DELETE' ? { ...OWNER, user_id: 'somebody-else' } : OWNER;
  return { ...owner, ...Object.fromEntries(unknowable.map((name) => [name, undefined])) };
}

const anyRequest: fc.Arbitrary<OddRequest> = fc.oneof(
  ...operations.map((operation) => requestsFor(document, operation, membersOf(operation.method))),
);

describe('Whatever is asked, in whatever shape,', () => {
  let patchbay: RunningPatchbay;
  let backend: SignedCaller;
  let session: SignedCaller;

  beforeAll(async () => {
    patchbay = await startPatchbay();
    backend = await newClient(patchbay);
    session = await newSession(patchbay, OWNER);
    for (const integration of ['airtable', 'notion', 'hubspot', 'slack']) {
      await patchbay.newBrowser().connect(integration, OWNER);
    }
  });
  afterAll(() => patchbay.close());

  /** What the document doesn't say of an answer, SignedCaller already refuses. */
  const answersProperly = (caller: () => SignedCaller, runs: number) =>
    fc.assert(
      fc.asyncProperty(anyRequest, async ({ method, path, headers, body }) => {
        const answer = await caller().call(method, path, body, headers);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: runs, seed: SEED },
    );

  it('a backend gets an answer that the document describes, and never a 5xx', async () => {
    await answersProperly(() => backend, RUNS);
  }, 600_000);

  it('a browser session gets one too', async () => {
    await answersProperly(() => session, Math.ceil(RUNS / 4));
  }, 600_000);

  it.each([
    '2026-W01',
    '2026-W01-1T00:00Z',
    '2026-060',
    '+275760-09-14T00:00:00Z',
    '2026-02-30',
    '2026-03-14T24:00:00Z',
  ])('a time that only some calendars know (%s) is used or refused', async (modified_since) => {
    for (const integration of ['airtable', 'notion', 'hubspot', 'slack']) {
      const answer = await backend.call('POST', `/integrations/${integration}/load`, { ...OWNER, modified_since });
      expect([200, 400]).toContain(answer.status);
    }
  });

  it('the service is there afterwards, and logged no defect', async () => {
    await answersProperly(() => backend, 20);
    const answer = await backend.call('GET', '/integrations');
    expect(answer.status).toBe(200);
    expect(patchbay.log.filter((line) => line.includes('unexpected error'))).toEqual([]);
  }, 60_000);
});
