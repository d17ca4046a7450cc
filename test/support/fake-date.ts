import { jest } from '@jest/globals';

/** Time passes for whoever asks for the date; timers and sockets go on as they are. Until `jest.useRealTimers()`. */
export function onlyTheDateIsFake(now: number): void {
  const timers = ['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'setInterval'] as const;
  jest.useFakeTimers({ now, doNotFake: [...timers, 'setTimeout', 'clearImmediate', 'clearInterval', 'clearTimeout'] });
}
