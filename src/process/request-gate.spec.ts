import { describe, expect, it } from '@jest/globals';
import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { RequestGate } from './request-gate.ts';

const CALM = { meanDelayMs: 1, maxDelayMs: 2, utilization: 0.3 };
const LATE = { meanDelayMs: 60, maxDelayMs: 90, utilization: 0.99 };

/** An answer that is being worked on, until it closes. */
class FakeResponse extends EventEmitter {
  headersSent = false;
  readonly headers = new Map<string, string>();

  setHeader(name: string, value: string): void {
    this.headers.set(name, value);
  }
}

function enter(gate: RequestGate) {
  const response = new FakeResponse();
  return { response, refusal: gate.enter(response as unknown as ServerResponse) };
}

function lateFor(gate: RequestGate, samples: number): void {
  for (let sample = 0; sample < samples; sample += 1) gate.adapt(LATE);
}

function fill(gate: RequestGate, count: number): FakeResponse[] {
  return Array.from({ length: count }, () => enter(gate).response);
}

describe('The gate', () => {
  it('lets in as many as there may be, and the next when one has its answer', () => {
    const gate = new RequestGate({ maxInFlight: 2, maxDelayMs: 0 });
    const [first] = fill(gate, 2);
    expect(enter(gate).refusal).toBe('overloaded');
    first?.emit('close');
    expect(enter(gate).refusal).toBeUndefined();
    expect(gate.refused).toEqual({ overloaded: 1, draining: 0 });
  });

  it('lets in only as many as are done with in good time, once the event loop has been late for half a second', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    // A thousand a second: ten in 10 ms.
    for (let sample = 0; sample < 60; sample += 1) {
      for (let done = 0; done < 100; done += 1) enter(gate).response.emit('close');
      gate.adapt(LATE);
    }
    expect([9, 10]).toContain(gate.limit);
    fill(gate, gate.limit);
    expect(enter(gate).refusal).toBe('overloaded');
  });

  it('takes requests that take too long for an overload as well, however quick each turn of the loop is', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 200 });
    const busy = { meanDelayMs: 5, maxDelayMs: 9, utilization: 1 };
    const after = (inFlight: number): number => {
      for (let sample = 0; sample < 30; sample += 1) {
        for (let done = 0; done < 100; done += 1) enter(gate).response.emit('close');
        gate.adapt(busy);
      }
      // At a thousand a second each of these takes as many milliseconds as there are.
      fill(gate, inFlight - gate.inFlight);
      for (let sample = 0; sample < 5; sample += 1) {
        for (let done = 0; done < 100; done += 1) enter(gate).response.emit('close');
        gate.adapt(busy);
      }
      return gate.limit;
    };
    expect(after(150)).toBe(1000);
    expect(after(300)).toBeLessThan(20);
  });

  it('doesn’t count those who only wait for providers', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    gate.except(() => 500);
    lateFor(gate, 5);
    expect(gate.limit).toBe(504);
  });

  it('lets everybody in again when for two seconds nobody had to be refused', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    lateFor(gate, 5);
    fill(gate, 4);
    expect(enter(gate).refusal).toBe('overloaded');
    for (let sample = 0; sample < 20; sample += 1) gate.adapt(CALM);
    expect(gate.limit).toBe(4);
    gate.adapt(CALM);
    expect(gate.limit).toBe(1000);
  });

  it('takes a burst, which is soon over, for no overload; and a load that flickers for one', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    fill(gate, 500);
    lateFor(gate, 4);
    for (let sample = 0; sample < 10; sample += 1) gate.adapt(CALM);
    expect(gate.limit).toBe(1000);
    for (let sample = 0; sample < 5; sample += 1) {
      gate.adapt(LATE);
      gate.adapt(CALM);
    }
    expect(gate.limit).toBe(4);
  });

  it('always lets a few in, however late it is', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    lateFor(gate, 100);
    expect(gate.limit).toBe(4);
    const few = new RequestGate({ maxInFlight: 2, maxDelayMs: 20 });
    lateFor(few, 100);
    expect(few.limit).toBe(2);
  });

  it('takes one late timer of an idle loop for nothing', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 20 });
    for (let sample = 0; sample < 10; sample += 1) gate.adapt({ ...LATE, utilization: 0.5 });
    expect(gate.limit).toBe(1000);
  });

  it('doesn’t look at the event loop where it is told not to', () => {
    const gate = new RequestGate({ maxInFlight: 1000, maxDelayMs: 0 });
    lateFor(gate, 10);
    expect(gate.limit).toBe(1000);
  });

  it('drains: nobody new, connections end with their answers, and it is over with the last', async () => {
    const gate = new RequestGate({ maxInFlight: 10, maxDelayMs: 0 });
    const [answering, begun] = fill(gate, 2);
    if (begun !== undefined) begun.headersSent = true;
    let isOver = false;
    const drained = gate.drain(60_000).then(() => (isOver = true));
    expect(enter(gate).refusal).toBe('draining');
    expect(answering?.headers.get('Connection')).toBe('close');
    expect(begun?.headers.size).toBe(0);
    answering?.emit('close');
    await Promise.resolve();
    expect(isOver).toBe(false);
    begun?.emit('close');
    await drained;
    expect(gate.inFlight).toBe(0);
  });

  it('waits no longer than it is told to', async () => {
    const gate = new RequestGate({ maxInFlight: 10, maxDelayMs: 0 });
    fill(gate, 1);
    await gate.drain(1);
    expect([gate.inFlight, gate.isDraining]).toEqual([1, true]);
  });
});
