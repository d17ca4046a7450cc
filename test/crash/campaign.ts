import { strikeCallback } from './callback-round.ts';
import type { CrashScene } from './crash-scene.ts';
import { anyKill, callbackAtProvider, drawn, everyStep, refreshAtLength, refreshAtProvider } from './kill-plan.ts';
import type { Course } from './kill-plan.ts';
import { NoKill, type Kill } from './kill.ts';
import { strikeRefresh } from './refresh-round.ts';
import { ResealRounds } from './reseal-round.ts';
import type { Round } from './round.ts';

const WORKS = ['refresh', 'first connect', 'reconnect'] as const;
type GrantWork = (typeof WORKS)[number];

const AT_ONCE = 3;
/** A planned kill comes too late only when its step never came: because the store was busy, say. */
const MAX_TRIES = 5;

export interface Campaign {
  readonly rounds: readonly Round[];
  /** Kills that were planned and always came too late. */
  readonly missed: readonly string[];
}

/** What is to come of a kill, or undefined when it came too late. */
type Struck = (() => Promise<Round>) | undefined;

/** Every step of every work with a grant once; then, up to so many kills in all, others at random. */
export async function runCampaign(scene: CrashScene, atLeast: number): Promise<Campaign> {
  const courses = await survey(scene);
  const missed: string[] = [];
  const aftermaths: Promise<Round>[] = [];
  const insist = async ([work, kill]: Planned): Promise<void> => {
    const aftermath = await insisted(() => struck(scene, work, kill));
    if (aftermath === undefined) missed.push(`${work}, ${kill.name}`);
    else aftermaths.push(aftermath());
  };
  const planned = plan(courses, atLeast > 0);
  const queue = planned.steps.values();
  const strikers = Array.from({ length: AT_ONCE }, async () => {
    for (const one of queue) await insist(one);
    while (aftermaths.length < atLeast) {
      const work = drawn<GrantWork>(['refresh', 'refresh', 'refresh', 'first connect', 'reconnect']);
      const aftermath = await struck(scene, work, anyKill(courses[work]));
      if (aftermath !== undefined) aftermaths.push(aftermath());
    }
  });
  await Promise.all([...strikers, ...planned.slow.map(insist)]);
  return { rounds: await Promise.all(aftermaths), missed };
}

/** The same for sealing everything anew. One rotation at a time: each goes on from what the last has left. */
export async function runResealing(scene: CrashScene, atLeast: number): Promise<Campaign> {
  const reseals = await ResealRounds.prepare(scene);
  const unharmed = new NoKill();
  await reseals.strike(unharmed);
  const rounds: Round[] = [];
  const missed: string[] = [];
  for (const kill of everyStep(unharmed.course, false)) {
    const round = await insisted(() => reseals.strike(kill));
    if (round === undefined) missed.push(`re-seal, ${kill.name}`);
    else rounds.push(round);
  }
  while (rounds.length < atLeast) {
    const round = await reseals.strike(anyKill(unharmed.course));
    if (round !== undefined) rounds.push(round);
  }
  return { rounds, missed };
}

type Planned = readonly [work: GrantWork, kill: Kill];
type Courses = Readonly<Record<GrantWork, Course>>;

/** `slow` kills mostly wait: they are done beside the others. */
function plan(
  courses: Courses,
  isLong: boolean,
): { readonly steps: readonly Planned[]; readonly slow: readonly Planned[] } {
  const atLength = isLong ? refreshAtLength(courses.refresh) : [];
  return {
    steps: WORKS.flatMap((work) => everyStep(courses[work], isLong).map((kill) => [work, kill] as const)),
    slow: [
      ...[...refreshAtProvider(), ...atLength].map((kill) => ['refresh', kill] as const),
      ...callbackAtProvider().flatMap((kill) => [['first connect', kill] as const, ['reconnect', kill] as const]),
    ],
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
