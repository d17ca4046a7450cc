import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startPatchbay, type RunningPatchbay } from '../support/patchbay.ts';

let patchbay: RunningPatchbay;
beforeAll(async () => {
  patchbay = await startPatchbay({ environment: { RATE_LIMIT_PER_MINUTE: '0', RATE_LIMIT_PER_MINUTE_USER: '0' } });
});
afterAll(() => patchbay.close());

it('A limit of 0 is no limit', async () => {
  const browser = patchbay.newBrowser();
  const ask = () => browser.get('/connections?user_id=ann&org_id=acme');
  const answers = await Promise.all(Array.from({ length: 150 }, ask));
  expect(answers.every(({ status, headers }) => status === 200 && headers.get('ratelimit') === null)).toBe(true);
});

it('A limit of 0 is warned of at the start', () => {
  const warnings = patchbay.log
    .map((line) => JSON.parse(line) as { level: number; msg: string })
    .filter(({ level, msg }) => level === 40 && msg.startsWith('RATE_LIMIT_PER_MINUTE'));
  expect(warnings.map(({ msg }) => msg)).toEqual([
    'RATE_LIMIT_PER_MINUTE is 0: requests per address are not limited.',
    'RATE_LIMIT_PER_MINUTE_USER is 0: requests per user are not limited.',
  ]);
});
