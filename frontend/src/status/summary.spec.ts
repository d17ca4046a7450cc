import { describe, expect, it } from '@jest/globals';
import type { CircuitStatus, ProviderStatus, Status } from '../api/types.ts';
import { summaryOf } from './summary.ts';

const LATELY = { per_second: 12, p50_in: 0.01, p95_in: 0.04, failed: 0 };
const NONE = [0, 0];

function provider(integration: string, state: CircuitStatus['state'] = 'closed'): ProviderStatus {
  const circuit = { reason: null, failures: 0, next_trial_at: null, refused: 0, states: NONE };
  return {
    ...{ integration, lately: LATELY, attempts: NONE, failures: NONE, retries: NONE, p50_in: [], p95_in: [] },
    circuits: [
      { ...circuit, endpoint: 'api', state },
      { ...circuit, endpoint: 'token', state: 'closed' },
    ],
    pacing: { waiting_now: 0, waiting: NONE, admitted: NONE, waited: NONE, refused: NONE, held: NONE },
    refreshes: { renewed: NONE, dead: NONE, elsewhere: NONE, misconfigured: NONE, not_done: NONE, unknown: NONE },
  };
}

function status(providers: ProviderStatus[], changes: Partial<Status> = {}): Status {
  const as_of = '2026-03-14T09:00:04.000Z';
  return {
    ...{ as_of, providers },
    process: {
      ...{ id: 'prc_1', started_at: as_of, event_loop: 'ok', heap: 'ok', heap_limit_bytes: 1 },
      ...{ event_loop_delay_in: NONE, heap_used_bytes: NONE, open_streams: NONE },
    },
    timeline: { first_at: as_of, interval_in: 2, last_interval_in: 2, intervals: 2, lately_in: 4 },
    requests: {
      ...{ lately: LATELY, in_flight: 0, limit: 500, rate_limits_alone: false, p50_in: [], p95_in: [] },
      answers: { served: NONE, refused: NONE, rate_limited: NONE, failed: NONE, aborted: NONE, shed: NONE },
    },
    store: {
      ...{ safe: true, pacing_alone: false, lately: LATELY, operations: NONE, unavailable: NONE },
      ...{ p50_in: [], p95_in: [] },
    },
    ...changes,
  };
}

const summarised = (of: Status) => summaryOf(of, (name) => name.toUpperCase());

describe('The status in a sentence', () => {
  it('says that all is well, and how much is asked', () => {
    expect(summarised(status([provider('notion')]))).toEqual({
      level: 'good',
      sentence: 'All providers answer; 12 requests/s; p95 40 ms.',
      notices: [],
    });
  });

  it('names the providers that are left alone and those on trial', () => {
    const { level, sentence } = summarised(status([provider('notion', 'open'), provider('slack', 'half-open')]));
    expect(level).toBe('bad');
    expect(sentence).toMatch(/^NOTION left alone: failing; SLACK on trial after failing; 12 requests/);
    expect(summarised(status([provider('slack', 'half-open')])).level).toBe('watch');
  });

  it('says when nothing was asked', () => {
    const quiet = { ...status([]).requests, lately: { per_second: 0, p50_in: null, p95_in: null, failed: 0 } };
    expect(summarised(status([], { requests: quiet })).sentence).toBe(
      'All providers answer; no requests in the last minute.',
    );
  });

  const { store, requests, process, timeline } = status([]);
  const shedding = { ...requests, answers: { ...requests.answers, shed: [0, 1] } };
  it.each<[string, Partial<Status>, string, RegExp]>([
    ['the store was away', { store: { ...store, lately: { ...LATELY, failed: 1 } } }, 'bad', /away for 1 operation in/],
    [
      'limits are counted alone',
      { requests: { ...requests, rate_limits_alone: true } },
      'bad',
      /counts limits by itself/,
    ],
    ['calls are paced alone', { store: { ...store, pacing_alone: true } }, 'bad', /counts limits by itself/],
    ['the event loop lags', { process: { ...process, event_loop: 'lagging' } }, 'bad', /event loop lags/],
    ['the heap is nearly full', { process: { ...process, heap: 'nearly_full' } }, 'bad', /heap is nearly full/],
    ['requests were turned away', { requests: shedding }, 'watch', /1 request turned away/],
    ['the store may forget', { store: { ...store, safe: false } }, 'watch', /may lose/],
  ])('comes with a notice when %s', (_what, changes, level, notice) => {
    const summary = summarised(status([], changes));
    expect([summary.level, summary.notices.length]).toEqual([level, 1]);
    expect(summary.notices[0]).toMatch(notice);
  });

  it('names whose client is not accepted, as long as that is lately', () => {
    const wrong = provider('hubspot');
    wrong.refreshes.misconfigured = [1, 0];
    expect(summarised(status([wrong])).notices).toEqual([expect.stringMatching(/^HUBSPOT: .*client id or secret/)]);
    const shorter = { ...timeline, lately_in: 2 };
    expect(summarised(status([wrong], { timeline: shorter })).notices).toEqual([]);
  });
});
