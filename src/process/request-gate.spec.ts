import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RequestGate, type Refusal } from './request-gate.ts';
import { TurnLine } from './turn-line.ts';

/** An answer that is being worked on, until it closes. */
class FakeResponse extends EventEmitter {
  headersSent = false;
  readonly headers = new Map<string, string>();

  setHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }
}

type Decision = 'waits' | 'let in' | Refusal;

function enter(gate: RequestGate) {
  const response = new FakeResponse();
  const entry = { response, decision: 'waits' as Decision };
  gate.enter(response as unknown as ServerResponse, (refusal) => (entry.decision = refusal ?? 'let in'));
  return entry;
}

const fill = (gate: RequestGate, count: number) => Array.from({ length: count }, () => enter(gate));
const decisions = (entries: readonly { readonly decision: Decision }[]) => entries.map(({ decision }) => decision);

/** A gate before an event loop whose turns are taken by hand, 10 ms each. */
function gateInTurns(maxInFlight: number, burst = 100) {
  let act: (() => void) | undefined;
  let now = 0;
  const clock = { now: () => now, afterThisTurn: (next: () => void) => void (act = next) };
  const limits = { maxInFlight, maxDelayMs: 200 };
  const gate = new RequestGate(limits, () => new TurnLine({ ...limits, mostWaiting: burst }, clock));
  const turn = (times = 1): void => {
    for (let time = 0; time < times; time += 1) {
      now += 10;
      const due = act;
      act = undefined;
      due?.();
    }
  };
  return { gate, turn };
}

describe('The gate', () => {
  it('lets in as many as there may be, and the next when one has its answer', () => {
    const gate = new RequestGate({ maxInFlight: 2, maxDelayMs: 0 });
    const [first] = fill(gate, 2);
    expect(enter(gate).decision).toBe('overloaded');
    first?.response.emit('close');
    expect(enter(gate).decision).toBe('let in');
    expect(gate.refused).toEqual({ overloaded: 1, draining: 0 });
  });

  it('lets one in at each turn of the event loop, and counts those who wait among those there may be', () => {
    const { gate, turn } = gateInTurns(4);
    const entries = fill(gate, 4);
    expect(decisions(entries)).toEqual(['let in', 'waits', 'waits', 'waits']);
    expect([gate.inFlight, gate.waiting]).toEqual([1, 3]);
    expect(enter(gate).decision).toBe('overloaded');
    turn();
    expect(decisions(entries)).toEqual(['let in', 'let in', 'waits', 'waits']);
  });

  it('refuses those who waited in vain, and counts them', () => {
    const { gate, turn } = gateInTurns(40, 10);
    const entries = fill(gate, 20);
    turn(4);
    const refused = decisions(entries).filter((decision) => decision === 'overloaded');
    expect(refused.length).toBeGreaterThan(10);
    expect(gate.refused.overloaded).toBe(refused.length);
    expect(decisions(entries)).not.toContain('waits');
  });

  it('forgets who hangs up before the turn has come', () => {
    const { gate, turn } = gateInTurns(4);
    const [, waiting] = fill(gate, 2);
    waiting?.response.emit('close');
    expect([gate.inFlight, gate.waiting]).toEqual([1, 0]);
    turn(2);
    expect(waiting?.decision).toBe('waits');
    expect(waiting?.response.listenerCount('close')).toBe(0);
  });

  it('makes nobody wait where it is told not to', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 0 });
    expect(new Set(decisions(fill(gate, 1000)))).toEqual(new Set(['let in']));
  });

  it('drains: nobody new, connections end with their answers, and it is over with the last', async () => {
    const gate = new RequestGate({ maxInFlight: 10, maxDelayMs: 0 });
    const [answering, begun] = fill(gate, 2);
    if (begun !== undefined) begun.response.headersSent = true;
    let isOver = false;
    const drained = gate.drain(60_000).then(() => (isOver = true));
    expect(enter(gate).decision).toBe('draining');
    expect(answering?.response.headers.get('Connection')).toBe('close');
    expect(begun?.response.headers.size).toBe(0);
    answering?.response.emit('close');
    await Promise.resolve();
    expect(isOver).toBe(false);
    begun?.response.emit('close');
    await drained;
    expect(gate.inFlight).toBe(0);
  });

  it('drains the line as well: who was in it is served, and told that the connection ends', async () => {
    const { gate, turn } = gateInTurns(4);
    const [first, second] = fill(gate, 2);
    const drained = gate.drain(60_000);
    first?.response.emit('close');
    turn();
    expect(second?.decision).toBe('let in');
    expect(second?.response.headers.get('Connection')).toBe('close');
    second?.response.emit('close');
    await drained;
    expect(gate.waiting).toBe(0);
  });

  it('waits no longer than it is told to', async () => {
    const gate = new RequestGate({ maxInFlight: 10, maxDelayMs: 0 });
    fill(gate, 1);
    await gate.drain(1);
    expect([gate.inFlight, gate.isDraining]).toEqual([1, true]);
  });
});
