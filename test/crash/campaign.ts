import { strikeCallback } from './callback-round.ts';
import type { CrashScene } from './crash-scene.ts';
import { anyKill, callbackAtProvider, drawn, everyStep, refreshAtLength, refreshAtProvider } from './kill-plan.ts';
import type { Course, Thoroughness } from './kill-plan.ts';
import { NoKill, type Kill } from './kill.ts';
import { strikeRefresh } from './refresh-round.ts';
import { ResealRounds } from './reseal-round.ts';
import type { Round } from './round.ts';

const WORKS = ['refresh', 'first connect', 'reconnect'] as const;
type GrantWork = (typeof WORKS)[number];

/** Of each store. */
const AT_ONCE = 2;
/** Of all kills, those at a key rotation. */
const RESEAL_SHARE = 0.15;
/** A planned kill comes too late only when its step never came: because the store was busy, say. */
const MAX_TRIES = 5;

export interface Campaign {
  readonly rounds: readonly Round[];
  /** Kills that were planned and always came too late. */
  readonly missed: readonly string[];
}

/** What is to come of a kill, or undefined when it came too late. */
type Struck = (() => Promise<Round>) | undefined;

/**
 * Every step of every work; then, up to so many kills in all, others at random.
 * @param planned which blows are struck where no number is asked for
 * @param seals of the same kind of store, for rotations: they have all its records, and the time that leases take to end
 */
export async function runCampaign(
  grants: CrashScene,
  seals: CrashScene,
  atLeast: number,
  planned: Exclude<Thoroughness, 'every'>,
): Promise<Campaign> {
  const missed: string[] = [];
  const thoroughness = atLeast > 0 ? 'every' : planned;
  const aftermaths = await strikeGrants(grants, atLeast * (1 - RESEAL_SHARE), thoroughness, missed);
  const resealed = await strikeSeals(seals, atLeast * RESEAL_SHARE, thoroughness, missed);
  return { rounds: [...(await Promise.all(aftermaths)), ...resealed], missed };
}

/** @returns what comes of the kills, which takes a while longer */
async function strikeGrants(
  scene: CrashScene,
  atLeast: number,
  thoroughness: Thoroughness,
  missed: string[],
): Promise<readonly Promise<Round>[]> {
  const courses = await survey(scene);
  const aftermaths: Promise<Round>[] = [];
  const insist = async ([work, kill]: Planned): Promise<void> => {
    const aftermath = await insisted(() => struck(scene, work, kill));
    if (aftermath === undefined) missed.push(`${work}, ${kill.name}`);
    else aftermaths.push(aftermath());
  };
  const planned = plan(courses, thoroughness);
  const slow = planned.slow.map(insist);
  const queue = planned.steps.values();
  const strikers = Array.from({ length: AT_ONCE }, async () => {
    for (const one of queue) await insist(one);
    while (aftermaths.length < atLeast) {
      const work = drawn<GrantWork>(['refresh', 'refresh', 'refresh', 'first connect', 'reconnect']);
      const aftermath = await struck(scene, work, anyKill(courses[work]));
      if (aftermath !== undefined) aftermaths.push(aftermath());
    }
  });
  await Promise.all([...slow, ...strikers]);
  return aftermaths;
}

/** One rotation at a time: each goes on from what the last has left. */
async function strikeSeals(
  scene: CrashScene,
  atLeast: number,
  thoroughness: Thoroughness,
  missed: string[],
): Promise<readonly Round[]> {
  const reseals = await ResealRounds.prepare(scene);
  const unharmed = new NoKill();
  await reseals.strike(unharmed);
  const rounds: Round[] = [];
  for (const kill of everyStep(unharmed.course, thoroughness)) {
    const round = await insisted(() => reseals.strike(kill));
    if (round === undefined) missed.push(`re-seal, ${kill.name}`);
    else rounds.push(round);
  }
  while (rounds.length < atLeast) {
    const round = await reseals.strike(anyKill(unharmed.course));
    if (round !== undefined) rounds.push(round);
  }
  return rounds;
}

type Planned = readonly [work: GrantWork, kill: Kill];
type Courses = Readonly<Record<GrantWork, Course>>;

/** `slow` kills mostly wait: they are done beside the others. What takes longest to come out is done first. */
function plan(
  courses: Courses,
  thoroughness: Thoroughness,
): { readonly steps: readonly Planned[]; readonly slow: readonly Planned[] } {
  const at = (work: GrantWork, kills: readonly Kill[]): readonly Planned[] => kills.map((kill) => [work, kill]);
  return {
    steps: [
      ...at('refresh', refreshAtProvider(thoroughness)),
      ...WORKS.flatMap((work) => at(work, everyStep(courses[work], thoroughness))),
      ...at('first connect', callbackAtProvider()),
      ...at('reconnect', callbackAtProvider()),
    ],
    slow: at('refresh', refreshAtLength(courses.refresh, thoroughness)),
  };
}

function struck(scene: CrashScene, work: GrantWork, kill: Kill): Promise<Struck> {
  return work === 'refresh' ? strikeRefresh(scene, kill) : strikeCallback(scene, kill, work);
}

async function insisted<T>(strike: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const done = await strike();
    if (done !== undefined) return done;
  }
  return undefined;
}

async function survey(scene: CrashScene): Promise<Courses> {
  const courseOf = async (work: GrantWork): Promise<Course> => {
    const unharmed = new NoKill();
    await struck(scene, work, unharmed);
    return unharmed.course;
  };
  return {
    refresh: await courseOf('refresh'),
    'first connect': await courseOf('first connect'),
    reconnect: await courseOf('reconnect'),
  };
}
