import { describe, expect, it } from '@jest/globals';
import { FairQueue, type Flow } from './fair-queue.ts';

interface Call extends Flow {
  readonly name: string;
}

function queueOf(...names: readonly string[]): FairQueue<Call> {
  const queue = new FairQueue<Call>();
  // "a1/2": the second call of load a1 of connection a.
  for (const name of names) queue.add({ name, connection: name.slice(0, 1), load: name.slice(0, 2) });
  return queue;
}

function order(queue: FairQueue<Call>): string[] {
  const names: string[] = [];
  for (let next = queue.next(); next !== undefined; next = queue.next()) names.push(next.name);
  return names;
}

describe('FairQueue', () => {
  it('lets connections take turns, however many calls one of them has', () => {
    expect(order(queueOf('a1/1', 'a1/2', 'a1/3', 'a1/4', 'b1/1', 'b1/2'))).toEqual([
      'a1/1',
      'b1/1',
      'a1/2',
      'b1/2',
      'a1/3',
      'a1/4',
    ]);
  });

  it('lets the loads of one connection take turns at its turn, so that many loads are no way to get more', () => {
    expect(order(queueOf('a1/1', 'a1/2', 'a2/1', 'a3/1', 'b1/1', 'b1/2'))).toEqual([
      'a1/1',
      'b1/1',
      'a2/1',
      'b1/2',
      'a3/1',
      'a1/2',
    ]);
  });

  it('puts who comes back behind who waits', () => {
    const queue = queueOf('a1/1', 'a1/2', 'b1/1');
    expect(queue.next()?.name).toBe('a1/1');
    expect(queue.next()?.name).toBe('b1/1');
    queue.add({ name: 'b1/2', connection: 'b', load: 'b1' });
    expect(order(queue)).toEqual(['a1/2', 'b1/2']);
  });

  it('shows who is next without letting them go, and forgets who left', () => {
    const queue = queueOf('a1/1', 'b1/1');
    const first = queue.peek();
    expect(first?.name).toBe('a1/1');
    expect([queue.size, queue.sizeOf('a'), queue.sizeOf('c')]).toEqual([2, 1, 0]);
    if (first !== undefined) queue.remove(first);
    if (first !== undefined) queue.remove(first);
    expect(queue.size).toBe(1);
    expect(queue.all().map(({ name }) => name)).toEqual(['b1/1']);
    expect(order(queue)).toEqual(['b1/1']);
    expect(queue.size).toBe(0);
  });
});
