import { PatchbayError } from '../../src/errors/patchbay-error.ts';
import type { Connection } from '../../src/connections/connection.ts';
import { ownerOf } from './crash-job.ts';
import type { CrashScene } from './crash-scene.ts';
import type { ProcessLife } from './crashed-process.ts';
import type { Kill } from './kill.ts';
import type { Ledger } from './provider-witness.ts';
import { effectOf, Findings, stepOf, strickenAt, type Round } from './round.ts';

interface Stricken {
  readonly work: 'first connect' | 'reconnect';
  readonly orgId: string;
  /** Of the connection the account had before. */
  readonly knownId: string | undefined;
  readonly consent: Awaited<ReturnType<CrashScene['consent']>>;
  /** Of the callback's own code, not of what was before it. */
  readonly ledger: Ledger;
  readonly life: ProcessLife;
  readonly kill: Kill;
}

/** Kills a process at the callback of an authorization. @returns as `strikeRefresh` */
export async function strikeCallback(
  scene: CrashScene,
  kill: Kill,
  work: Stricken['work'],
): Promise<(() => Promise<Round>) | undefined> {
  const orgId = scene.newOwner();
  const knownId = work === 'reconnect' ? (await scene.connect(orgId)).connectionId : undefined;
  const consent = await scene.consent(orgId);
  const { state, code, ledger } = consent;
  const life = await kill.strike(scene, { kind: 'callback', state, code }, ledger);
  if (!life.killed) return undefined;
  return () => aftermath(scene, { work, orgId, knownId, consent, ledger, life, kill });
}

async function aftermath(scene: CrashScene, stricken: Stricken): Promise<Round> {
  const { work, ledger, life, kill } = stricken;
  const findings = new Findings();
  const kept = await checkConnections(scene, stricken, stricken.knownId, findings);
  const isSaved = kept !== undefined && (stricken.knownId === undefined || kept.authorizedAt > kept.createdAt);
  const orphans = isSaved ? 0 : ledger.exchanges;
  checkOrphans(stricken, isSaved, findings);
  await checkOutcome(scene, stricken, kept, findings);
  const isTakenAgain = await deliverAgain(scene, stricken, findings);
  findings.expect(ledger.codesPresented <= 1, 'reuse', `the code was presented ${ledger.codesPresented} times`);
  const standing = isTakenAgain ? await checkConnections(scene, stricken, undefined, findings) : kept;
  const healed = await beginAgain(scene, stricken, standing?.connectionId, findings);
  return {
    store: scene.kind,
    work,
    ...strickenAt(life, kill.blow),
    result: healed ? 'recovered' : 'broken',
    problems: findings.problems,
    reuses: Math.max(0, ledger.codesPresented - 1),
    orphans,
  };
}

/** At most one for the account; and what stands opens and works. */
async function checkConnections(
  scene: CrashScene,
  { orgId }: Stricken,
  expectedId: string | undefined,
  findings: Findings,
): Promise<Connection | undefined> {
  const listed = await scene.room.connections.list(ownerOf(orgId), 'airtable');
  findings.expect(listed.length <= 1, 'double', `the account has ${listed.length} connections`);
  const [found] = listed;
  findings.expect(
    expectedId === undefined || found?.connectionId === expectedId,
    'lost',
    'the connection it had is gone',
  );
  if (found === undefined) return undefined;
  const open = await scene.find(orgId, found.connectionId).catch(() => undefined);
  findings.expect(open !== undefined, 'corrupt', 'the connection does not open');
  const works = open !== undefined && (await scene.works(open));
  findings.expect(works, 'lost', 'the connection says that it is active, and does not work');
  return found;
}

/** A grant that nobody holds is left at the provider only where the kill fell between its answer and our write. */
function checkOrphans({ life, kill, ledger }: Stricken, isSaved: boolean, findings: Findings): void {
  const call = stepOf(life, /call .*token$/);
  const save = call === undefined ? undefined : stepOf(life, /(putIfAbsent|compareAndSet) connection$/, call);
  const exchanged = effectOf(life, kill.blow, call);
  const saved = effectOf(life, kill.blow, save);
  findings.expect(!saved.surely || isSaved, 'lost', 'a connection that was written is gone');
  findings.expect(saved.may || !isSaved, 'lost', 'a connection stands that nobody has written');
  findings.expect(exchanged.may || ledger.exchanges === 0, 'reuse', 'a code was used before its time');
}

/** It never says more than is so, and never that it failed when it did not. */
async function checkOutcome(
  scene: CrashScene,
  { consent }: Stricken,
  kept: Connection | undefined,
  findings: Findings,
): Promise<void> {
  const outcome = await scene.outcome(consent.state);
  const isTrue =
    outcome?.status === 'pending' || (outcome?.status === 'connected' && outcome.connectionId === kept?.connectionId);
  findings.expect(isTrue, 'lost', `the outcome that is told is ${outcome?.status ?? 'none'}`);
}

/** The browser asks again, as browsers do. @returns whether that finished what the killed process had not begun */
async function deliverAgain(
  scene: CrashScene,
  { consent, life, kill }: Stricken,
  findings: Findings,
): Promise<boolean> {
  const taken = effectOf(life, kill.blow, stepOf(life, /take pending-authorization$/));
  try {
    const { status } = await scene.complete(consent);
    findings.expect(status === 'connected' && !taken.surely, 'lost', `a callback that came again was ${status}`);
    return true;
  } catch (error) {
    const code = error instanceof PatchbayError ? error.code : String(error);
    const isTrue = code === 'authorization_expired' && taken.may;
    findings.expect(isTrue, 'lost', `a callback that came again was answered ${code}`);
    return false;
  }
}

/** Whoever begins again ends with one connection that works: the one the account had, where it had one. */
async function beginAgain(
  scene: CrashScene,
  stricken: Stricken,
  expectedId: string | undefined,
  findings: Findings,
): Promise<boolean> {
  const again = await scene.connect(stricken.orgId).catch(() => undefined);
  findings.expect(again !== undefined, 'lost', 'the account could not be connected again');
  const standing = await checkConnections(scene, stricken, expectedId, findings);
  findings.expect(standing?.connectionId === again?.connectionId, 'double', 'connecting again made another connection');
  return again !== undefined && findings.problems.length === 0;
}
