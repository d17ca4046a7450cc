import { jest } from '@jest/globals';

/*
 * In CI a test that fails is tried once more when the others of its file are done, and what was wrong the first time is printed.
 * Many measure seconds and limits of real processes on two cores, beside each other: one that fails there for the machine's
 * reasons passes the second time, and a defect does not.
 */
if ((process.env['CI'] ?? '') !== '' && process.env['CI'] !== 'false') {
  jest.retryTimes(1, { logErrorsBeforeRetry: true });
}
