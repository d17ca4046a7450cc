import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Circuit, FAILURES_TO_OPEN, FIRST_PERIOD_MS, LONGEST_PERIOD_MS, type CircuitState } from './circuit.ts';
import { seededRandom } from './fixtures/seeded-random.ts';
import { OutboundError } from './outbound-error.ts';
import type { Verdict } from './provider-health.ts';

let circuit: Circuit;
let changes: CircuitState[];

beforeEach(() => {
  jest.useFakeTimers();
  changes = [];
  circuit = newCircuit(() => 1);
});

afterEach(() => {
  circuit.close();
  jest.useRealTimers();
});

function newCircuit(random: () => number): Circuit {
  return new Circuit('acme', 'api', (state) => changes.push(state), random);
}

/** One attempt from beginning to end. opossum takes a success to heart a microtask later. */
async function attempt(verdict: Verdict): Promise<void> {
  circuit.report(circuit.admit(), verdict);
  await Promise.resolve();
}

async function attempts(count: number, verdict: Verdict): Promise<void> {
  for (let index = 0; index < count; index += 1) await attempt(verdict);
}

/** The seconds it tells to stay away, or undefined when it lets a call through. */
function refusedFor(): number | undefined {
  try {
    circuit.admit();
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(OutboundError);
    expect(error).toMatchObject({ code: 'provider_unavailable', phase: 'not-sent', details: { integration: 'acme' } });
    return (error as OutboundError).details.retry_after;
  }
}

describe('a closed circuit', () => {
  it.each(['unreachable', 'timeout', 'broken_answer', 'server_error'] as const)(
    'opens with the tenth failure in a row: %s',
    async (ailment) => {
      await attempts(FAILURES_TO_OPEN - 1, ailment);
      expect(circuit.state()).toMatchObject({ state: 'closed', failures: 9, reason: ailment, nextTrialAt: null });
      await attempt(ailment);
      expect(circuit.state()).toMatchObject({ state: 'open', failures: 10, nextTrialAt: Date.now() + FIRST_PERIOD_MS });
      expect(FAILURES_TO_OPEN).toBe(10);
    },
  );

  it('opens as soon after ten thousand successes', async () => {
    await attempts(10_000, 'healthy');
    await attempts(FAILURES_TO_OPEN, 'timeout');
    expect(circuit.state().state).toBe('open');
  });

  it('opens with the tenth of a hundred calls that hang, whatever the others will come to', () => {
    const admissions = Array.from({ length: 100 }, () => circuit.admit());
    admissions.slice(0, 9).forEach((admission) => circuit.report(admission, 'timeout'));
    expect(circuit.isClosed).toBe(true);
    circuit.report(admissions[9] ?? -1, 'timeout');
    expect(circuit.state()).toMatchObject({ state: 'open', failures: 10 });
  });

  it('starts to count anew with every success', async () => {
    for (let round = 0; round < 20; round += 1) {
      await attempts(FAILURES_TO_OPEN - 1, 'server_error');
      await attempt('healthy');
    }
    expect(circuit.state()).toMatchObject({ state: 'closed', failures: 0, reason: null });
  });

  it('is not opened by attempts that say nothing, nor kept closed by them', async () => {
    await attempts(1_000, 'unknown');
    expect(circuit.isClosed).toBe(true);
    for (let index = 0; index < FAILURES_TO_OPEN; index += 1) {
      await attempt('server_error');
      if (index < FAILURES_TO_OPEN - 1) await attempt('unknown');
    }
    expect(circuit.isClosed).toBe(false);
  });

  it('takes failures that lie minutes apart for no outage', async () => {
    for (let index = 0; index < 30; index += 1) {
      await attempt('timeout');
      jest.advanceTimersByTime(60_001);
    }
    expect(circuit.state()).toMatchObject({ state: 'closed', failures: 1 });
  });

  it.each([0.1, 0.3])('stays closed at a share of %d of failures at random, over 20,000 attempts', async (share) => {
    const random = seededRandom(7);
    for (let index = 0; index < 20_000; index += 1) await attempt(random() < share ? 'server_error' : 'healthy');
    expect(changes).toEqual([]);
  });

  it('opens soon when nine of ten calls fail at random', async () => {
    const random = seededRandom(7);
    let count = 0;
    for (; circuit.isClosed && count < 1_000; count += 1) await attempt(random() < 0.9 ? 'timeout' : 'healthy');
    expect(count).toBeLessThan(100);
  });
});

describe('an open circuit', () => {
  beforeEach(() => attempts(FAILURES_TO_OPEN, 'timeout'));

  it('refuses, and says for how long', () => {
    expect(refusedFor()).toBe(5);
    jest.advanceTimersByTime(3_200);
    expect(refusedFor()).toBe(2);
    expect(circuit.state().refused).toBe(2);
  });

  it('says a second at least', () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS - 1);
    expect(refusedFor()).toBe(1);
  });

  it('lets exactly one trial through when its period is over', () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    expect(circuit.state()).toMatchObject({ state: 'half-open', nextTrialAt: null, reason: 'timeout' });
    expect(refusedFor()).toBeUndefined();
    expect([refusedFor(), refusedFor(), refusedFor()]).toEqual([1, 1, 1]);
  });

  it('closes when the trial succeeds, and then lets everything through', async () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    await attempt('healthy');
    expect(circuit.state()).toMatchObject({ state: 'closed', failures: 0, reason: null });
    await attempts(5, 'healthy');
    await attempts(FAILURES_TO_OPEN - 1, 'timeout');
    expect(circuit.isClosed).toBe(true);
  });

  it('opens again when the trial fails', async () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    await attempt('server_error');
    expect(circuit.state()).toMatchObject({ state: 'open', reason: 'server_error', failures: 11 });
    expect(refusedFor()).toBe(10);
  });

  it('tries again with the next call when a trial said nothing, as when its caller hung up', async () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    await attempt('unknown');
    expect(circuit.state().state).toBe('half-open');
    expect(refusedFor()).toBeUndefined();
    expect(refusedFor()).toBe(1);
  });

  it('doubles its period up to a minute while trials fail, and starts small after a success', async () => {
    const periods: number[] = [];
    for (let round = 0; round < 6; round += 1) {
      const periodMs = (circuit.state().nextTrialAt ?? 0) - Date.now();
      periods.push(periodMs);
      jest.advanceTimersByTime(periodMs - 1);
      expect(circuit.state().state).toBe('open');
      jest.advanceTimersByTime(1);
      await attempt('timeout');
    }
    expect(periods).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000]);
    jest.advanceTimersByTime(LONGEST_PERIOD_MS);
    await attempt('healthy');
    await attempts(FAILURES_TO_OPEN, 'timeout');
    expect(circuit.state().nextTrialAt).toBe(Date.now() + FIRST_PERIOD_MS);
  });

  it('tells every change of state, once', async () => {
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    await attempt('healthy');
    expect(changes.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
    expect(changes[0]).toMatchObject({ integration: 'acme', endpoint: 'api', reason: 'timeout', failures: 10 });
  });

  it('asks for its trial at a time of its own within the last quarter of the period', async () => {
    const earliest = newCircuit(() => 0);
    for (let index = 0; index < FAILURES_TO_OPEN; index += 1) earliest.report(earliest.admit(), 'timeout');
    expect(earliest.state().nextTrialAt).toBe(Date.now() + 3_750);
    earliest.close();
    await Promise.resolve();
  });
});

describe('an attempt that began before the circuit opened', () => {
  it.each(['healthy', 'timeout', 'unknown'] as const)('changes nothing when it ends later: %s', async (verdict) => {
    const early = circuit.admit();
    const other = circuit.admit();
    await attempts(FAILURES_TO_OPEN, 'timeout');
    circuit.report(early, verdict);
    await Promise.resolve();
    expect(circuit.state()).toMatchObject({ state: 'open', failures: 10 });
    jest.advanceTimersByTime(FIRST_PERIOD_MS);
    const trial = circuit.admit();
    circuit.report(other, verdict);
    await Promise.resolve();
    expect(circuit.state().state).toBe('half-open');
    expect(refusedFor()).toBe(1);
    circuit.report(trial, 'healthy');
    await Promise.resolve();
    expect(circuit.state().state).toBe('closed');
  });
});
