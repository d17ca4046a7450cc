import { describe, expect, it } from '@jest/globals';
import { ERROR_CODES } from '../errors/error-code.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { isOutage } from './outage.ts';

describe('An outage', () => {
  it('is what keeps a provider from answering, and nothing else that can go wrong', () => {
    const outages = ERROR_CODES.filter((code) => isOutage(new PatchbayError(code, 'no')));
    expect(outages.sort()).toEqual([
      'provider_protocol_error',
      'provider_rate_limited',
      'provider_timeout',
      'provider_unavailable',
    ]);
  });

  it.each([
    [500, true],
    [503, true],
    [400, false],
    [403, false],
    [404, false],
  ])('is an error that the provider gives with %i: %s', (provider_status, expected) => {
    expect(isOutage(new PatchbayError('provider_error', 'no', { provider_status }))).toBe(expected);
  });

  it('is no caller who hung up, and no mistake of ours', () => {
    expect(isOutage(new DOMException('gone', 'AbortError'))).toBe(false);
    expect(isOutage(new TypeError('provider_unavailable'))).toBe(false);
    expect(isOutage({ code: 'provider_unavailable' })).toBe(false);
  });
});
