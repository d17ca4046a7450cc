import { describe, expect, it } from '@jest/globals';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { readAuthorizationResponse } from './authorization-response.ts';

const STATE = 'wLRBtmCJqQ-IaAbIjvXv1Q3';

function read(query: string) {
  return readAuthorizationResponse(new URLSearchParams(query));
}

function problems(query: string): readonly string[] {
  try {
    read(query);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    expect(error.code).toBe('invalid_request');
    return (error.details.fields ?? []).map(({ field, problem }) => `${field} ${problem}`);
  }
  return [];
}

describe('an authorization response', () => {
  it('with a code is a code, which does not print', () => {
    const response = read(`code=abc&state=${STATE}`);
    expect(response).toMatchObject({ kind: 'code', state: STATE });
    expect(response.kind === 'code' && response.code.reveal()).toBe('abc');
    expect(JSON.stringify(response)).not.toContain('abc');
  });

  it('with an error is an error', () => {
    expect(read(`error=access_denied&state=${STATE}`)).toEqual({ kind: 'error', state: STATE, error: 'access_denied' });
  });

  it('may name its issuer', () => {
    expect(read(`code=abc&state=${STATE}&iss=https%3A%2F%2Fas.test`)).toMatchObject({ issuer: 'https://as.test' });
  });

  it('leaves a provider’s own parameters and the error’s description unread', () => {
    const query = `error=access_denied&error_description=%3Cimg+onerror%3Dx%3E&code_challenge_method=S256&state=${STATE}`;
    expect(read(query)).toEqual({ kind: 'error', state: STATE, error: 'access_denied' });
  });

  it.each([
    ['a code of 4096 characters', `code=${'x'.repeat(4096)}&state=${STATE}`],
    ['a code of any visible characters', `code=${encodeURIComponent('a b/+=~"\\<')}&state=${STATE}`],
    ['the longest state', `code=abc&state=${'s'.repeat(1024)}`],
    ['the shortest state', `code=abc&state=${'s'.repeat(16)}`],
  ])('may have %s', (_what, query) => {
    expect(problems(query)).toEqual([]);
  });

  const both = 'code must stand here, or error in its place, and not both';
  const badForm = 'has a form that is not accepted';
  it.each([
    ['nothing at all', '', ['state is missing', both]],
    ['no state', 'code=abc', ['state is missing']],
    ['neither code nor error', `state=${STATE}`, [both]],
    ['code and error', `code=abc&error=access_denied&state=${STATE}`, [both]],
    ['two codes', `code=abc&code=abc&state=${STATE}`, ['code must stand once']],
    ['two states', `code=abc&state=${STATE}&state=${STATE}`, ['state must stand once']],
    ['two errors', `error=a&error=b&state=${STATE}`, ['error must stand once']],
    ['two issuers', `code=abc&state=${STATE}&iss=https://a.test&iss=https://b.test`, ['iss must stand once']],
    ['an empty code', `code=&state=${STATE}`, [`code ${badForm}`]],
    ['a code too long', `code=${'x'.repeat(4097)}&state=${STATE}`, [`code ${badForm}`]],
    ['a code with a line break', `code=a%0d%0ab&state=${STATE}`, [`code ${badForm}`]],
    ['a code with a NUL', `code=a%00&state=${STATE}`, [`code ${badForm}`]],
    ['a code that is not ASCII', `code=%C3%A4&state=${STATE}`, [`code ${badForm}`]],
    ['a state too short', 'code=abc&state=short', [`state ${badForm}`]],
    ['a state too long', `code=abc&state=${'s'.repeat(1025)}`, [`state ${badForm}`]],
    ['a state with markup', `code=abc&state=${STATE}%3Cscript%3E`, [`state ${badForm}`]],
    ['an error with a quote (RFC 6749 §4.1.2.1)', `error=a%22b&state=${STATE}`, [`error ${badForm}`]],
    ['an error with a backslash', `error=a%5Cb&state=${STATE}`, [`error ${badForm}`]],
    ['an issuer without TLS', `code=abc&state=${STATE}&iss=http%3A%2F%2Fas.test`, [`iss ${badForm}`]],
  ])('is refused with %s', (_what, query, expected) => {
    expect(problems(query)).toEqual(expected);
  });
});
