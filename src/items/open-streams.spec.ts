import { describe, expect, it } from '@jest/globals';
import { grantGone, OpenStreams } from './open-streams.ts';

const stays = undefined;
const tooMany = expect.objectContaining({ code: 'service_unavailable', details: { retry_after: 5 } });

/** Each of another connection. */
function many(streams: OpenStreams, count: number) {
  return Array.from({ length: count }, (_, n) => streams.open(`con_${n}`, stays));
}

describe('The streams of a process', () => {
  it('are a hundred at most at a time: one more is told when to come again', () => {
    const streams = new OpenStreams();
    const [first] = many(streams, 100);
    expect(() => streams.open('con_new', stays)).toThrow(tooMany);
    first?.close();
    expect(streams.size).toBe(99);
    streams.open('con_new', stays);
    expect(() => streams.open('con_new', stays)).toThrow(tooMany);
  });

  it('are sixteen at most of one connection, and leave room for others', () => {
    const streams = new OpenStreams();
    const own = Array.from({ length: 16 }, () => streams.open('con_busy', stays));
    expect(() => streams.open('con_busy', stays)).toThrow(tooMany);
    streams.open('con_other', stays);
    own[0]?.close();
    streams.open('con_busy', stays);
    expect(streams.size).toBe(17);
  });

  it('count once each, however often they are closed', () => {
    const streams = new OpenStreams();
    const [one] = many(streams, 2);
    one?.close();
    one?.close();
    expect(streams.size).toBe(1);
  });

  it('end when their own caller goes, and no other’s', () => {
    const streams = new OpenStreams();
    const caller = new AbortController();
    const { signal } = streams.open('con_0', caller.signal);
    const other = streams.open('con_0', new AbortController().signal);
    expect(signal.aborted).toBe(false);
    caller.abort();
    expect([signal.aborted, other.signal.aborted]).toEqual([true, false]);
    expect(signal.reason).toMatchObject({ name: 'AbortError' });
  });

  it('end with the grant they are of, and say so', () => {
    const streams = new OpenStreams();
    const [own, other] = [streams.open('con_gone', stays), streams.open('con_other', stays)];
    streams.endThoseOf('con_gone', grantGone(false));
    expect(own.signal.reason).toMatchObject({ code: 'connection_not_found' });
    expect(other.signal.aborted).toBe(false);
    streams.endThoseOf('con_other', grantGone(true));
    expect(other.signal.reason).toMatchObject({ code: 'reauthorization_required' });
  });

  it('are all told when the process ends, with where to go on; and no more begin', () => {
    const streams = new OpenStreams();
    const open = [streams.open('con_0', new AbortController().signal), ...many(streams, 2)];
    const closed = streams.open('con_new', stays);
    closed.close();
    streams.onModuleDestroy();
    const ending = expect.objectContaining({ code: 'service_unavailable', details: { retry_after: 1 } });
    expect(open.map(({ signal }) => signal.reason as unknown)).toEqual([ending, ending, ending]);
    expect(closed.signal.aborted).toBe(false);
    expect(() => streams.open('con_new', stays)).toThrow(ending);
  });
});
