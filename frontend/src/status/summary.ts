import type { Status } from '../api/types.ts';
import { strings } from '../strings.ts';
import { writeDuration, writeRate } from './writing.ts';

export type Level = 'good' | 'watch' | 'bad';

export interface Summary {
  level: Level;
  /** All of it in a sentence. */
  sentence: string;
  /** What else is wrong, a sentence each. */
  notices: string[];
}

/** @param nameOf an integration's name for people */
export function summaryOf(status: Status, nameOf: (integration: string) => string): Summary {
  const words = strings.status;
  const namesOf = (state: string): string[] =>
    status.providers
      .filter(({ circuits }) => circuits.some((circuit) => circuit.state === state))
      .map(({ integration }) => nameOf(integration));
  const [open, onTrial] = [namesOf('open'), namesOf('half-open')];
  const { per_second: perSecond, p95_in: tail } = status.requests.lately;
  const wrong = noticesOf(status, nameOf);
  const parts = [
    ...(open.length > 0 ? [words.leftAlone(open.join(', '))] : []),
    ...(onTrial.length > 0 ? [words.onTrial(onTrial.join(', '))] : []),
    ...(open.length + onTrial.length === 0 ? [words.allAnswer] : []),
    ...(perSecond === null || perSecond === 0 ? [words.noRequests] : [writeRate(perSecond, words.requests)]),
    ...(tail === null ? [] : [words.tail(writeDuration(tail))]),
  ];
  const isBad = open.length > 0 || wrong.some(({ level }) => level === 'bad');
  const isWorthALook = onTrial.length > 0 || wrong.length > 0;
  return {
    level: isBad ? 'bad' : isWorthALook ? 'watch' : 'good',
    sentence: words.sentence(parts),
    notices: wrong.map(({ text }) => text),
  };
}

interface Notice {
  level: Exclude<Level, 'good'>;
  text: string;
}

function noticesOf(status: Status, nameOf: (integration: string) => string): Notice[] {
  const { store, requests, process, providers } = status;
  const words = strings.status.notices;
  const shed = lately(requests.answers.shed, status);
  const misconfigured = providers
    .filter(({ refreshes }) => lately(refreshes.misconfigured, status) > 0)
    .map(({ integration }) => nameOf(integration));
  const all: (Notice & { when: boolean })[] = [
    { when: store.lately.failed > 0, level: 'bad', text: words.store(store.lately.failed) },
    { when: requests.rate_limits_alone || store.pacing_alone, level: 'bad', text: words.alone },
    { when: process.event_loop === 'lagging', level: 'bad', text: words.lagging },
    { when: process.heap === 'nearly_full', level: 'bad', text: words.heap },
    { when: misconfigured.length > 0, level: 'bad', text: words.misconfigured(misconfigured.join(', ')) },
    { when: shed > 0, level: 'watch', text: words.shed(shed) },
    { when: !store.safe, level: 'watch', text: words.unsafe },
  ];
  return all.filter(({ when }) => when);
}

/** How many in the last minute, or in the last interval where that is longer. */
function lately(counts: readonly number[], { timeline }: Status): number {
  const intervals = Math.max(1, Math.round(timeline.lately_in / timeline.interval_in));
  return counts.slice(-intervals).reduce((sum, count) => sum + count, 0);
}
