import { Buffer } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FaultBook } from './faults.ts';
import { textMember, type Call, type Reply } from './message.ts';
import type { ProviderName } from './providers.ts';
import { RouteTable, type EndpointKind, type Provider } from './route.ts';
import { send } from './send.ts';
import { ELSEWHERE_PATH, strike } from './strike.ts';
import type { StatsBook } from './stats.ts';

const MAX_BODY_BYTES = 2 ** 20;
const MAX_DRAINED_BYTES = 2 ** 26;
const COUNTED_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

export interface DispatchParts {
  readonly name: ProviderName;
  readonly provider: Provider;
  readonly faults: FaultBook;
  readonly stats: StatsBook;
  readonly dripIntervalMs: number;
}

/** Serves one provider: counts, lets faults strike, reads the body, asks the handler, sends. */
export function dispatcher(parts: DispatchParts) {
  const table = new RouteTable(parts.provider.routes);
  return async (request: IncomingMessage, response: ServerResponse, target: string): Promise<void> => {
    const method = request.method ?? 'GET';
    const question = target.indexOf('?');
    const path = question < 0 ? target : target.slice(0, question);
    const match = table.find(method, path);
    const kind: EndpointKind = match?.route.kind ?? 'api';
    parts.stats.countRequest(parts.name, statsKey(method, match?.route.path ?? path, match !== null));

    const body = await readBody(request);
    if (body === 'aborted') return;
    const call = buildCall(request, { path, target, params: match?.params ?? {} }, body);
    const handle = (): Reply =>
      body === 'too large' ? parts.provider.errorFor(413, kind) : answer(parts.provider, call, match?.route ?? null);
    const struck = { provider: parts.name, kind, path, grantType: grantTypeOf(call) };
    const fault = path === ELSEWHERE_PATH ? null : parts.faults.strike(struck);
    if (fault === null) {
      send(response, handle());
      return;
    }
    const errorReply = (): Reply => parts.provider.errorFor(fault.status, kind);
    const { dripIntervalMs } = parts;
    await strike(fault, { response, handle, errorReply, released: parts.faults.released, dripIntervalMs });
  };
}

/** As each provider may be sent it: in a form, in JSON, or to Slack in the query. */
function grantTypeOf(call: Call): string | null {
  return call.form.get('grant_type') ?? textMember(call, 'grant_type') ?? call.query.get('grant_type');
}

/** Paths that aren't served share one key, so that strange callers can't grow the statistics. */
function statsKey(method: string, path: string, known: boolean): string {
  const verb = COUNTED_METHODS.includes(method) ? method : '{other}';
  return `${verb} ${known || path === ELSEWHERE_PATH ? path : '{other}'}`;
}

function answer(
  provider: Provider,
  call: Call,
  route: { kind: EndpointKind; handle: (call: Call) => Reply } | null,
): Reply {
  try {
    return route ? route.handle(call) : provider.unknownPath(call);
  } catch (error) {
    process.stderr.write(
      `sandbox: ${call.method} ${call.path}: ${error instanceof Error ? (error.stack ?? '') : ''}\n`,
    );
    return provider.errorFor(500, route?.kind ?? 'api');
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += (chunk as Buffer).length;
      // Read on without keeping it: a client that is still sending wouldn't see the refusal.
      if (size <= MAX_BODY_BYTES) chunks.push(chunk as Buffer);
      if (size > MAX_DRAINED_BYTES) return 'aborted';
    }
  } catch {
    return 'aborted';
  }
  return size > MAX_BODY_BYTES ? 'too large' : Buffer.concat(chunks);
}

function buildCall(
  request: IncomingMessage,
  at: Pick<Call, 'path' | 'target' | 'params'>,
  sent: Buffer | 'too large',
): Call {
  const body = sent === 'too large' ? Buffer.alloc(0) : sent;
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const isForm = contentType === 'application/x-www-form-urlencoded';
  return {
    ...at,
    method: request.method ?? 'GET',
    query: new URLSearchParams(at.target.slice(at.path.length)),
    headers: request.headers,
    contentType,
    form: new URLSearchParams(isForm ? body.toString('utf8') : ''),
    json: contentType === 'application/json' ? parseObject(body.toString('utf8')) : null,
    bodyLength: body.length,
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
