import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyText, runs } from '../errors/fixtures/property-tests.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { readAuthorizationResponse } from './authorization-response.ts';

const name = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom('code', 'state', 'error') },
  fc.constantFrom('iss', 'error_description', '__proto__', 'Code', 'state[]'),
);
const value = fc.oneof(
  { weight: 3, arbitrary: fc.stringMatching(/^[A-Za-z0-9._-]{16,64}$/) },
  fc.constantFrom('access_denied', 'https://issuer.example', '', '<img onerror=alert(1)>'),
  anyText(),
);

it('Any query is one usable authorization response or a PatchbayError', () => {
  let usable = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 5 }), (pairs) => {
      const query = new URLSearchParams(pairs);
      try {
        const response = readAuthorizationResponse(query);
        usable += 1;
        for (const each of ['state', response.kind]) expect(query.getAll(each)).toHaveLength(1);
        expect(query.has(response.kind === 'code' ? 'error' : 'code')).toBe(false);
        expect(response.state).toMatch(/^[A-Za-z0-9._-]{16,1024}$/);
      } catch (error) {
        if (!(error instanceof PatchbayError)) throw error;
        expect(error.code).toBe('invalid_request');
      }
    }),
    { ...runs(400, 2_000), seed: 9421 },
  );
  expect(usable).toBeGreaterThan(10);
});
