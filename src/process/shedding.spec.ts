import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { RequestGate } from './request-gate.ts';
import { SheddingReport } from './shedding.ts';

const said: unknown[] = [];
const note = (line: unknown) => void said.push(line);

beforeEach(() => {
  said.length = 0;
  Logger.overrideLogger({ log: note, warn: note, error: note });
});
afterEach(() => void Logger.overrideLogger(false));

it('says once that requests are refused, and once that they no longer are, with their number', () => {
  const refused = { overloaded: 0, draining: 0 };
  const report = new SheddingReport({ refused, inFlight: 7, waiting: 9 } as RequestGate);
  const look = (times: number, more: number): void => {
    for (let time = 0; time < times; time += 1) {
      refused.overloaded += more;
      report.look();
    }
  };
  look(10, 0);
  expect(said).toEqual([]);
  look(20, 3);
  // Short pauses are part of it.
  look(40, 0);
  look(1, 5);
  look(49, 0);
  expect(said).toEqual([{ msg: 'overloaded: requests are refused', in_flight: 7, waiting: 9 }]);
  expect(report.isShedding).toBe(true);
  look(1, 0);
  expect(said.slice(1)).toEqual([{ msg: 'no longer overloaded', refused: 65 }]);
  look(1, 1);
  expect(said).toHaveLength(3);
});
