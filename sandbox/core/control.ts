import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import {
  ALWAYS_AFTER,
  FAULT_MODES,
  FAULT_TIMES,
  GRANT_TYPES,
  type Fault,
  type FaultBook,
  type FaultMode,
  type FaultTime,
} from './faults.ts';
import type { GrantStore } from './grant-store.ts';
import { isProviderName, PROVIDER_NAMES, type ProviderName } from './providers.ts';
import type { StatsBook } from './stats.ts';

class ControlError extends Error {}

type Members = Readonly<Record<string, unknown>>;

const FAULT_MEMBERS = [
  'provider',
  'endpoint',
  'grant_type',
  'mode',
  'when',
  'status',
  'retry_after',
  'delay_ms',
  'probability',
  'times',
];

export interface ControlParts {
  readonly faults: FaultBook;
  readonly grants: GrantStore;
  readonly stats: StatsBook;
}

/** What tests and people steer the sandbox by. Never open to anyone but this machine. */
export function controlRouter(parts: ControlParts): Router {
  const router = express.Router();
  router.use(loopbackOnly);
  router.use(express.json({ limit: '16kb' }));
  router.post('/faults', (request, response) => {
    const fault = readFault(members(request, FAULT_MEMBERS));
    parts.faults.add(fault);
    response.status(201).json({ added: true, provider: fault.provider, mode: fault.mode, endpoint: fault.endpoint });
  });
  router.delete('/faults', (_request, response) => {
    response.json({ cleared: parts.faults.clear() });
  });
  router.post('/expire', (request, response) => {
    const body = members(request, ['provider', 'what']);
    response.json({ expired: expire(parts.grants, providerOf(body), body['what']) });
  });
  router.get('/stats', (_request, response) => {
    response.json(parts.stats.read());
  });
  router.delete('/stats', (_request, response) => {
    parts.stats.reset();
    response.json({ reset: true });
  });
  router.use((_request, response) => {
    response.status(404).json({ error: 'not_found', message: 'Control knows /faults, /expire and /stats.' });
  });
  router.use(answerError);
  return router;
}

/** The socket decides, never a header. */
function loopbackOnly(request: Request, response: Response, next: NextFunction): void {
  const address = request.socket.remoteAddress ?? '';
  if (isLoopback(address)) next();
  else response.status(403).json({ error: 'forbidden', message: 'Control answers on loopback only.' });
}

export function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(address);
}

function answerError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  const known = error instanceof ControlError;
  const status = known ? 400 : (error as { status?: number }).status;
  if (status === undefined || status >= 500) {
    next(error);
    return;
  }
  const message = known ? error.message : 'The body is not JSON that control can read.';
  response.status(status).json({ error: 'invalid_request', message });
}

/** JSON alone is taken: a page elsewhere can't send that here without a preflight, which nobody answers. */
function members(request: Request, known: readonly string[]): Members {
  const body: unknown = request.body;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ControlError('Send a JSON object as application/json.');
  }
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new ControlError(`Unknown member "${unknown}"; known are ${known.join(', ')}.`);
  return body as Members;
}

function providerOf(body: Members): ProviderName {
  const provider = body['provider'];
  if (!isProviderName(provider)) throw new ControlError(`provider must be one of ${PROVIDER_NAMES.join(', ')}.`);
  return provider;
}

function expire(grants: GrantStore, provider: ProviderName, what: unknown): number {
  switch (what) {
    case 'access':
      return grants.expireAccess(provider);
    case 'refresh':
      return grants.revokeRefresh(provider);
    case 'grant':
      return grants.revokeAll(provider);
    default:
      throw new ControlError('what must be access, refresh or grant.');
  }
}

function readFault(body: Members): Fault {
  const mode = oneOf(body, 'mode', FAULT_MODES);
  if (mode === null) throw new ControlError(`mode must be one of ${FAULT_MODES.join(', ')}.`);
  return {
    provider: providerOf(body),
    endpoint: endpointOf(body['endpoint']),
    grantType: oneOf(body, 'grant_type', GRANT_TYPES),
    mode,
    when: whenOf(body, mode),
    status: number(body, 'status', { min: 200, max: 599, whole: true }) ?? 500,
    retryAfterSeconds: number(body, 'retry_after', { min: 0, max: 86_400, whole: true }),
    delayMs: number(body, 'delay_ms', { min: 0, max: 600_000, whole: true }) ?? 3000,
    probability: number(body, 'probability', { min: 0, max: 1, whole: false }) ?? 1,
    times: number(body, 'times', { min: 1, max: 1_000_000_000, whole: true }),
  };
}

function whenOf(body: Members, mode: FaultMode): FaultTime {
  const when = oneOf(body, 'when', FAULT_TIMES);
  if (!ALWAYS_AFTER.includes(mode)) return when ?? 'before';
  if (when === 'before') throw new ControlError(`${mode} sends the true answer, so it can only strike after.`);
  return 'after';
}

function endpointOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && (value.startsWith('/') || ['authorize', 'token', 'api'].includes(value))) {
    return value;
  }
  throw new ControlError('endpoint must be authorize, token, api or a path prefix that begins with a slash.');
}

function oneOf<Known extends string>(body: Members, name: string, known: readonly Known[]): Known | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new ControlError(`${name} must be one of ${known.join(', ')}.`);
  return found;
}

interface NumberRule {
  readonly min: number;
  readonly max: number;
  readonly whole: boolean;
}

function number(body: Members, name: string, rule: NumberRule): number | null {
  const value = body[name];
  if (value === undefined || value === null) return null;
  const fits = typeof value === 'number' && value >= rule.min && value <= rule.max;
  if (!fits || (rule.whole && !Number.isInteger(value))) {
    throw new ControlError(`${name} must be a ${rule.whole ? 'whole ' : ''}number from ${rule.min} to ${rule.max}.`);
  }
  return value;
}
