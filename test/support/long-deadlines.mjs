// Loaded before the built service: providers may take as long as they like to answer.
import { LIMITS } from '../../dist/src/outbound/outbound-client.js';

const LONG_MS = 600_000;
Object.assign(LIMITS, {
  connectTimeoutMs: LONG_MS,
  headersTimeoutMs: LONG_MS,
  attemptTimeoutMs: LONG_MS,
  callTimeoutMs: LONG_MS,
});
