import { describe, expect, it } from '@jest/globals';
import { Availability } from './availability.ts';

function scene() {
  const world = { online: true, ready: false, nowMs: 1_000_000, recovered: 0 };
  let timer: { delayMs: number; act: () => void } | null = null;
  const availability = new Availability({
    isReady: () => Promise.resolve(world.ready),
    isOnline: () => world.online,
    nowMs: () => world.nowMs,
    after: (delayMs, act) => {
      const own = { delayMs, act };
      timer = own;
      return () => {
        if (timer === own) timer = null;
      };
    },
    recovered: () => (world.recovered += 1),
  });
  const elapse = async (): Promise<number> => {
    const due = timer;
    if (!due) throw new Error('No timer is set.');
    timer = null;
    due.act();
    await new Promise(setImmediate);
    return due.delayMs;
  };
  const answered = (answer: () => Response): Promise<unknown> =>
    availability
      .watching(() => Promise.resolve().then(answer))()
      .catch((thrown: unknown) => thrown);
  return { world, availability, elapse, answered, waits: () => timer !== null };
}

const envelope = (error: string, status: number, headers = {}): Response =>
  Response.json({ error, message: 'm', details: {} }, { status, headers });
const noAnswer = (): never => {
  throw new TypeError('Failed to fetch');
};

describe('The availability of the service', () => {
  it('is lost with a call that gets no answer, and asked for, ever more slowly, until it is back', async () => {
    const { world, availability, elapse, answered } = scene();
    expect(await answered(noAnswer)).toBeInstanceOf(TypeError);
    expect(availability.condition.get()).toEqual({ name: 'away' });
    expect([await elapse(), await elapse(), await elapse(), await elapse(), await elapse()]).toEqual([
      1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
    world.ready = true;
    await elapse();
    expect(availability.condition.get()).toEqual({ name: 'well' });
    expect(world.recovered).toBe(1);
  });

  it.each(['service_unavailable', 'storage_unavailable'])('is lost when it says %s of itself', async (error) => {
    const { availability, answered } = scene();
    await answered(() => envelope(error, 503));
    expect(availability.condition.get().name).toBe('away');
  });

  it('is lost when a proxy answers in its place', async () => {
    const { availability, answered } = scene();
    await answered(() => new Response('<h1>Bad gateway</h1>', { status: 502 }));
    expect(availability.condition.get().name).toBe('away');
  });

  it.each([
    ['provider_unavailable', 503],
    ['provider_error', 502],
    ['provider_timeout', 504],
  ])('is not lost with a provider: %s', async (error, status) => {
    const { availability, answered, waits } = scene();
    await answered(() => envelope(error, status));
    expect(availability.condition.get().name).toBe('well');
    expect(waits()).toBe(false);
  });

  it('is not lost when the person gives up on a call', async () => {
    const { availability, answered } = scene();
    await answered(() => {
      throw new DOMException('aborted', 'AbortError');
    });
    expect(availability.condition.get().name).toBe('well');
  });

  it('is back with the first answer, whoever asked for it', async () => {
    const { world, availability, answered, waits } = scene();
    await answered(noAnswer);
    await answered(() => Response.json({}));
    expect(availability.condition.get().name).toBe('well');
    expect([world.recovered, waits()]).toEqual([1, false]);
  });

  it('is a matter of the network while the computer has none, and looked for when it has', async () => {
    const { world, availability, answered } = scene();
    world.online = false;
    await answered(noAnswer);
    expect(availability.condition.get().name).toBe('offline');
    world.online = world.ready = true;
    availability.lookNow();
    await new Promise(setImmediate);
    expect(availability.condition.get().name).toBe('well');
    expect(world.recovered).toBe(1);
  });

  it('is noticed to be gone with the network before anything is asked', () => {
    const { world, availability } = scene();
    world.online = false;
    availability.lookNow();
    expect(availability.condition.get().name).toBe('offline');
  });

  it('is limited for as long as the service says, and no answer in between shortens that', async () => {
    const { world, availability, elapse, answered } = scene();
    await answered(() => envelope('rate_limited', 429, { 'retry-after': '7' }));
    expect(availability.condition.get()).toEqual({ name: 'limited', untilMs: world.nowMs + 7_000 });
    await answered(() => Response.json({}));
    expect(availability.condition.get().name).toBe('limited');
    expect(await elapse()).toBe(7_000);
    expect(availability.condition.get().name).toBe('well');
    expect(world.recovered).toBe(1);
  });
});
