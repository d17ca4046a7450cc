import { describe, expect, it } from '@jest/globals';
import { Circuit } from '../outbound/circuit.ts';
import { timeoutError } from '../outbound/outbound-error.ts';
import { outcomeOf } from './refresh-outcome.ts';

describe('a refresh that brought nothing', () => {
  it('was not done when the circuit was open: the refresh token is as good as before', () => {
    const circuit = new Circuit('acme', 'token');
    expect(outcomeOf(circuit.refusal())).toBe('not-done');
    circuit.close();
  });

  it('was not done when there was never a connection, and may have been when there was', () => {
    expect(outcomeOf(timeoutError('acme', 'not-sent'))).toBe('not-done');
    expect(outcomeOf(timeoutError('acme', 'sent'))).toBe('unknown');
  });
});
