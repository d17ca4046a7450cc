import { describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Slots } from './slots.ts';
import { StandingQueue } from './standing-queue.ts';

/** Takers that note who had a slot, in order; each gives it back when told to. */
function queueAt(slots: Slots) {
  const had: string[] = [];
  const take = async (name: string, of?: string, signal = new AbortController().signal): Promise<void> => {
    await slots.take(signal, of);
    had.push(name);
  };
  return { had, take };
}

describe('Slots', () => {
  it('are not all for one: who floods has his share, and the others pass him by', async () => {
    const slots = new Slots({ all: 4, ofOne: 2 });
    const { had, take } = queueAt(slots);
    for (let call = 1; call <= 1_000; call += 1) void take(`flood ${call}`, 'flood');
    void take('small', 'small');
    await turn();
    expect(had).toEqual(['flood 1', 'flood 2', 'small']);
    slots.release('small', 1);
    await turn();
    expect(had).toHaveLength(3);
    slots.release('flood', 1);
    await turn();
    expect(had.slice(3)).toEqual(['flood 3']);
  });

  it('go round by turns when all are taken, those of each in order', async () => {
    const slots = new Slots({ all: 1, ofOne: 1 });
    const { had, take } = queueAt(slots);
    for (const name of ['a1', 'a2', 'b1', 'b2', 'nobody’s']) void take(name, name.length === 2 ? name[0] : undefined);
    await turn();
    for (const whose of ['a', 'b', undefined, 'a']) {
      slots.release(whose, 1);
      await turn();
    }
    expect(had).toEqual(['a1', 'b1', 'nobody’s', 'a2', 'b2']);
  });

  it('are all for nobody in particular, if nobody else wants one', async () => {
    const slots = new Slots({ all: 3, ofOne: 1 });
    const { had, take } = queueAt(slots);
    for (const name of ['1', '2', '3', '4']) void take(name);
    await turn();
    expect(had).toEqual(['1', '2', '3']);
  });

  it('remember nobody who left the line', async () => {
    const slots = new Slots({ all: 1, ofOne: 1 });
    const { had, take } = queueAt(slots);
    const leaving = new AbortController();
    await take('a1', 'a');
    const left = take('b1', 'b', leaving.signal);
    const next = take('c1', 'c');
    leaving.abort(new Error('hung up'));
    await expect(left).rejects.toThrow('hung up');
    slots.release('a', 1);
    await next;
    slots.release('c', 1);
    await take('a2', 'a');
    expect(had).toEqual(['a1', 'c1', 'a2']);
  });
});

describe('A line that stands', () => {
  it('sends those away whose turn comes too late, and serves who came in time', async () => {
    const clock = { now: 0 };
    const tooLate = (): Error => new Error('too much is asked');
    const slots = new Slots({ all: 1, ofOne: 1 }, tooLate, new StandingQueue(() => clock.now));
    const { had, take } = queueAt(slots);
    const early = ['a1', 'a2', 'b1', 'c1'].map((name) => take(name, name[0]));
    // The first that is late, and may be a burst's.
    clock.now = 100;
    slots.release('a', 50);
    await turn();
    // Half a second later nobody has been in time.
    clock.now = 600;
    const late = take('d1', 'd');
    slots.release('b', 50);
    const ends = await Promise.allSettled([...early, late]);
    expect(had).toEqual(['a1', 'b1', 'd1']);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
  });

  // Fifty loads of one account at once on a slow machine were refused, though nobody else wanted a place.
  it('is none that one alone makes, who waits for his own share: he is served to the last', async () => {
    const clock = { now: 0 };
    const tooLate = (): Error => new Error('too much is asked');
    const slots = new Slots({ all: 4, ofOne: 1 }, tooLate, new StandingQueue(() => clock.now));
    const { had, take } = queueAt(slots);
    const names = Array.from({ length: 20 }, (_, number) => `a${number}`);
    const burst = names.map((name) => take(name, 'a'));
    for (let call = 0; call < names.length; call += 1) {
      await turn();
      clock.now += 300;
      slots.release('a', 300);
    }
    await Promise.all(burst);
    expect(had).toEqual(names);
    expect(slots.isStanding).toBe(false);
  });

  it('keeps everybody where nobody may be sent away', async () => {
    const clock = { now: 0 };
    const slots = new Slots({ all: 1, ofOne: 1 }, undefined, new StandingQueue(() => clock.now));
    const { had, take } = queueAt(slots);
    for (const name of ['a1', 'b1', 'c1', 'd1']) void take(name, name[0]);
    for (const whose of ['a', 'b', 'c']) {
      clock.now += 400;
      slots.release(whose, 50);
      await turn();
    }
    expect(slots.isStanding).toBe(true);
    expect(had).toEqual(['a1', 'b1', 'c1', 'd1']);
  });
});
