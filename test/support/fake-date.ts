import { jest } from '@jest/globals';

const TIMERS = [
  ...(['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask'] as const),
  ...(['setImmediate', 'setInterval', 'setTimeout', 'clearImmediate', 'clearInterval', 'clearTimeout'] as const),
];
type Timer = (typeof TIMERS)[number];

/** Time passes for whoever asks for the date; timers and sockets go on as they are. Until `jest.useRealTimers()`. */
export function onlyTheDateIsFake(now: number): void {
  jest.useFakeTimers({ now, doNotFake: TIMERS.filter((timer) => timer !== 'Date') });
}

/**
 * `setTimeout` fires only when `jest.advanceTimersByTime()` is called: deadlines and circuits stand still. Everything else
 * runs on. Call it before what is tested starts. Until `jest.useRealTimers()`.
 */
export function onlyTimeoutsAreFake(): void {
  const faked: readonly Timer[] = ['setTimeout', 'clearTimeout'];
  jest.useFakeTimers({ doNotFake: TIMERS.filter((timer) => !faked.includes(timer)) });
}

/** `setInterval` fires only when `jest.advanceTimersByTime()` is called; everything else runs on. Until `jest.useRealTimers()`. */
export function onlyIntervalsAreFake(): void {
  const faked: readonly Timer[] = ['setInterval', 'clearInterval'];
  jest.useFakeTimers({ doNotFake: TIMERS.filter((timer) => !faked.includes(timer)) });
}

/** `performance.now()` stands still until `pass` moves it. Until `jest.restoreAllMocks()`. */
export function clockStandsStill(): { readonly pass: (ms: number) => void } {
  let now = Math.ceil(performance.now());
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return { pass: (ms) => void (now += ms) };
}
