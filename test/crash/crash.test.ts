/** Ends processes with SIGKILL at every step of a refresh, a callback and a key rotation. `main.ts` says in which forms. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts';
import { foundBinary } from '../support/found-binaries.ts';
import { startRedis, type RedisServer } from '../support/redis-server.ts';
import { SandboxControl } from '../support/sandbox-control.ts';
import { runCampaign, type Campaign } from './campaign.ts';
import { compile, type Compiled } from './compiled.ts';
import type { StorePlace } from './crash-job.ts';
import { CrashScene } from './crash-scene.ts';
import { ProviderWitness } from './provider-witness.ts';
import type { ProblemKind } from './round.ts';
import { tableOf } from './tally.ts';

const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 0);
const IS_SHORT = process.env['CRASH_SHORT'] === '1';
const IS_JUDGED = process.env['CRASH_JUDGE'] === '1';
/** How long a lease may outlive its holder, where time is judged. */
const LEASE_ENDS_WITHIN_MS = 15_000;
/** Ends a run that hangs, and nothing else. */
const TIMEOUT_MS = 1_800_000 + ROUNDS * 20_000;

const campaigns: Campaign[] = [];
const scenes: CrashScene[] = [];
let folder: string;
let sandbox: Sandbox;
let witness: ProviderWitness;
let compiled: Compiled;
let redis: RedisServer | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'patchbay-crash-'));
  compiled = await compile();
  // As strict as providers come: no grace for a used refresh token, which ends the whole grant.
  const strict = { reuseRevokesGrant: true, airtable: { conflictWindowSeconds: 0 } };
  sandbox = await startSandbox({ rateLimits: false, items: 1, ...strict });
  witness = await ProviderWitness.start(sandbox.url);
  if (foundBinary('redis-server') !== undefined) redis = await startRedis();
  const kinds = redis === undefined ? (['sqlite'] as const) : (['sqlite', 'redis'] as const);
  const running = kinds.map(async (kind) => {
    const [grants, seals] = [await open(kind, 'grants'), await open(kind, 'seals')];
    const half = kind === 'sqlite' ? 'even' : 'odd';
    return runCampaign(grants, seals, ROUNDS / kinds.length, IS_SHORT ? 'few' : half);
  });
  campaigns.push(...(await Promise.all(running)));
  const lease = `longest life of a lease after its holder: ${longestLeaseMs()} ms (≤ ${LEASE_ENDS_WITHIN_MS} ms)`;
  process.stdout.write(`\n${tableOf(allRounds())}\n${lease}\n`);
}, TIMEOUT_MS);

afterAll(async () => {
  await Promise.all(scenes.map((scene) => scene.close()));
  await witness.close();
  await sandbox.close();
  await redis?.stop();
  compiled.remove();
  rmSync(folder, { recursive: true, force: true });
});

function allRounds() {
  return campaigns.flatMap((campaign) => campaign.rounds);
}

async function open(kind: 'sqlite' | 'redis', name: 'grants' | 'seals'): Promise<CrashScene> {
  const place: StorePlace =
    kind === 'sqlite'
      ? { kind, path: join(folder, `${name}.db`) }
      : { kind, url: `${redis?.url ?? ''}/${name === 'grants' ? 0 : 1}` };
  const scene = await CrashScene.open(place, witness, compiled);
  scenes.push(scene);
  return scene;
}

function longestLeaseMs(): number {
  return Math.max(...allRounds().map(({ leaseMs = 0 }) => leaseMs));
}

/** Each with where the kill fell, so that a failure says what to look at. */
function problems(kind: ProblemKind): readonly string[] {
  return allRounds().flatMap(({ store, work, step, when, problems: found }) =>
    found.filter((one) => one.kind === kind).map(({ what }) => `${store}, ${work}, killed ${when} ${step}: ${what}`),
  );
}

describe('A process that is killed while it refreshes a grant, finishes an authorization or seals all anew', () => {
  it('was killed at every step, as often as was asked', () => {
    expect(campaigns.flatMap(({ missed }) => missed)).toEqual([]);
    expect(allRounds().length).toBeGreaterThanOrEqual(Math.max(ROUNDS, (IS_SHORT ? 8 : 25) * scenes.length));
  });

  it('leaves no record that does not open, and a store file that is whole', () => {
    expect(problems('corrupt')).toEqual([]);
    for (const name of ['grants.db', 'seals.db']) {
      const file = new DatabaseSync(join(folder, name), { readOnly: true });
      expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      file.close();
    }
  });

  it('leaves a connection that works, or says truthfully that its grant must be renewed', () => {
    expect(problems('lost')).toEqual([]);
    expect(allRounds().filter(({ result }) => result === 'broken')).toEqual([]);
  });

  it('has a used refresh token presented once more where its answer was lost, and never elsewhere', async () => {
    expect(problems('reuse')).toEqual([]);
    const reuses = allRounds().reduce((sum, round) => sum + round.reuses, 0);
    expect(reuses).toBeGreaterThan(0);
    expect((await new SandboxControl(sandbox).stats('airtable')).rotated_token_reuse).toBe(reuses);
  });

  it('leaves no account with two connections', () => {
    expect(problems('double')).toEqual([]);
  });

  it('leaves a lease that ends by itself', () => {
    expect(allRounds().some(({ leftLease }) => leftLease)).toBe(true);
    expect(allRounds().filter(({ work, leaseMs }) => work === 'refresh' && leaseMs === undefined)).toEqual([]);
    if (IS_JUDGED) expect(longestLeaseMs()).toBeLessThanOrEqual(LEASE_ENDS_WITHIN_MS);
  });
});
