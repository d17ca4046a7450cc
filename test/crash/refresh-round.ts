import { setTimeout as wait } from 'node:timers/promises';
import type { OpenConnection } from '../../src/connections/connection.ts';
import { PatchbayError } from '../../src/errors/patchbay-error.ts';
import type { CrashScene } from './crash-scene.ts';
import type { ProcessLife } from './crashed-process.ts';
import type { Kill } from './kill.ts';
import type { Ledger } from './provider-witness.ts';
import { effectOf, Findings, stepOf, strickenAt, type Round } from './round.ts';

const LOOK_AGAIN_MS = 100;
const MAX_ASKED = 4;

interface Stricken {
  readonly orgId: string;
  readonly connectionId: string;
  readonly ledger: Ledger;
  readonly life: ProcessLife;
  readonly kill: Kill;
}

/**
 * Kills a process at its refresh of an expired connection.
 * @returns what its next caller finds, who comes at once; undefined when the kill came too late
 */
export async function strikeRefresh(scene: CrashScene, kill: Kill): Promise<(() => Promise<Round>) | undefined> {
  const orgId = scene.newOwner();
  const { connectionId, ledger } = await scene.connectExpired(orgId);
  const life = await kill.strike(scene, { kind: 'refresh', orgId, connectionId }, ledger);
  if (!life.killed) return undefined;
  return () => aftermath(scene, { orgId, connectionId, ledger, life, kill });
}

async function aftermath(scene: CrashScene, stricken: Stricken): Promise<Round> {
  const { orgId, connectionId, ledger, life, kill } = stricken;
  const findings = new Findings();
  const [result, lease] = await Promise.all([
    nextCaller(scene, stricken, findings),
    leaseFree(scene, connectionId, life.endedAt),
  ]);
  const { answeredMs } = result;
  checkUses(stricken, result.answer, findings);
  if (result.answer === 'renew') await checkTerminal(scene, orgId, connectionId, ledger, findings);
  return {
    store: scene.kind,
    work: 'refresh',
    ...strickenAt(life, kill.blow),
    result: result.answer,
    problems: findings.problems,
    reuses: ledger.reuses,
    orphans: 0,
    leaseMs: lease.ms,
    leftLease: lease.wasHeld,
    answeredMs,
  };
}

/** It may be told to come again, as any caller may; never anything but that, a token, or that the grant must be renewed. */
async function nextCaller(scene: CrashScene, { orgId, connectionId, life }: Stricken, findings: Findings) {
  for (let asked = 1; ; asked += 1) {
    try {
      const used = await scene.use(orgId, connectionId);
      const answeredMs = performance.now() - life.endedAt;
      await checkWorks(scene, orgId, used, findings);
      return { answer: 'recovered', answeredMs } as const;
    } catch (error) {
      const answeredMs = performance.now() - life.endedAt;
      const code = error instanceof PatchbayError ? error.code : String(error);
      if (code === 'reauthorization_required') return { answer: 'renew', answeredMs } as const;
      const mayAskAgain = error instanceof PatchbayError && error.details.retry_after !== undefined;
      if (mayAskAgain && asked < MAX_ASKED) continue;
      findings.expect(false, code === 'internal_error' ? 'corrupt' : 'lost', `the next caller was answered ${code}`);
      return { answer: 'broken', answeredMs } as const;
    }
  }
}

async function checkWorks(scene: CrashScene, orgId: string, used: OpenConnection, findings: Findings): Promise<void> {
  findings.expect(await scene.works(used), 'lost', 'the provider does not know the token that was handed out');
  const stored = await scene.find(orgId, used.connection.connectionId);
  const status = stored?.connection.status;
  findings.expect(status === 'active', 'lost', `a connection that works is ${status ?? 'gone'}`);
  findings.expect(stored?.connection.refresh.attempt === null, 'lost', 'the journal stands although all is done');
}

/** Exactly: one use of the refresh token, and a further presentation only where an answer was lost with its process. */
function checkUses({ ledger, life, kill }: Stricken, answer: Round['result'], findings: Findings): void {
  const call = stepOf(life, /call .*token$/);
  const save = call === undefined ? undefined : stepOf(life, /compareAndSet connection$/, call);
  const called = effectOf(life, kill.blow, call);
  const saved = effectOf(life, kill.blow, save);
  const mayBeLost = called.may && !saved.surely;
  const isLost = called.surely && !saved.may;
  findings.expect(answer !== 'renew' || mayBeLost, 'lost', 'the grant was given up although no answer was lost');
  findings.expect(
    answer !== 'recovered' || !isLost,
    'reuse',
    'a lost answer was got back, which this provider never does',
  );
  const reuses = answer === 'renew' ? kill.lostAnswers : 0;
  findings.expect(ledger.refreshes === 1, 'reuse', `the refresh token was used ${ledger.refreshes} times`);
  findings.expect(ledger.reuses === reuses, 'reuse', `a used refresh token was presented ${ledger.reuses} times`);
  const presented = ledger.refreshesPresented;
  findings.expect(presented === 1 + reuses, 'reuse', `a refresh token was presented ${presented} times`);
  findings.expect(ledger.overlaps === 0, 'reuse', 'a refresh token was presented beside itself');
}

/** A grant that was given up says why, and is never tried again. */
async function checkTerminal(
  scene: CrashScene,
  orgId: string,
  connectionId: string,
  ledger: Ledger,
  findings: Findings,
): Promise<void> {
  const stored = await scene.find(orgId, connectionId).catch(() => undefined);
  findings.expect(stored !== undefined, 'corrupt', 'the record of an ended connection does not open');
  const { reason, status } = stored?.connection ?? {};
  findings.expect(status === 'reauthorization_required', 'lost', `it is ${status ?? 'gone'}`);
  findings.expect(reason === 'refresh_answer_lost', 'lost', `the reason that is told is ${reason ?? 'none'}`);
  const presented = ledger.refreshesPresented;
  await scene.use(orgId, connectionId).catch(() => undefined);
  findings.expect(ledger.refreshesPresented === presented, 'reuse', 'a dead grant was tried again');
}

interface FreeLease {
  /** From the death until another replica has the lease, or could have it. */
  readonly ms: number;
  readonly wasHeld: boolean;
}

async function leaseFree(scene: CrashScene, connectionId: string, since: number): Promise<FreeLease> {
  for (let wasHeld = false; ; wasHeld = true) {
    const had = scene.leasedAt(connectionId);
    if (had !== undefined && had > since) return { ms: Math.round(had - since), wasHeld };
    if (await scene.tryLease(connectionId)) return { ms: Math.round(performance.now() - since), wasHeld };
    await wait(LOOK_AGAIN_MS);
  }
}
