import { STATUS_BY_ERROR_CODE, type ErrorCode } from '../errors/error-code.ts';
import type { Access } from '../callers/access.ts';
import { whenOf } from './openapi-errors.ts';
import { exampleOf, resolved, type Schema, type Schemas } from './openapi-example.ts';
import { headersOf } from './openapi-headers.ts';
import type { RouteFacts } from './openapi-routes.ts';
import { callersOf, securityOf } from './openapi-security.ts';

interface Media {
  schema?: Schema;
  example?: unknown;
  examples?: unknown;
}

interface Answer {
  description: string;
  headers?: object;
  content?: Record<string, Media>;
}

/** An operation while it is being completed. */
export interface Operation {
  operationId: string;
  description?: string;
  security?: unknown;
  parameters?: { in: string; required: boolean; example?: unknown; schema?: Schema }[];
  requestBody?: { content: Record<string, Media> };
  responses: Partial<Record<string, Answer | { $ref: string }>>;
}

/** Answers that several operations share, by name: for `components.responses`. */
export type SharedAnswers = Map<string, Answer>;

const HTML = 'text/html';
const JSON_TYPE = 'application/json';
const FORM = 'application/x-www-form-urlencoded';

/** What anybody may be answered, whatever is asked: another's page, an unreadable body, a method that isn't there. */
const ANYWHERE: readonly ErrorCode[] = [
  'invalid_request',
  'forbidden',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'internal_error',
];
/** Beyond that, for whoever isn't a probe. */
const COUNTED: readonly ErrorCode[] = ['rate_limited', 'service_unavailable'];
const KEY_HOLDER: readonly ErrorCode[] = [
  'signature_required',
  'invalid_signature',
  'signature_expired',
  'replayed_request',
  'storage_unavailable',
];

/** Adds what follows from the route's own facts and from the way every request takes. */
export function completeOperation(
  operation: Operation,
  { access, errors }: RouteFacts,
  shared: SharedAnswers,
  schemas: Schemas,
): void {
  const counted = !operation.operationId.startsWith('Health_');
  operation.security = securityOf(access);
  operation.description = [operation.description, callersOf(access)].filter(Boolean).join('\n\n');
  for (const parameter of operation.parameters ?? []) {
    // An example is filled in where a request is tried out: what may be left out and has none is left out.
    const { schema, required } = parameter;
    if (schema !== undefined && (required || schema.example !== undefined)) {
      parameter.example ??= exampleOf(schema, schemas);
    }
  }
  completeRequest(operation, schemas);
  for (const [status, answer] of Object.entries(operation.responses)) {
    completeAnswer(answer as Answer, Number(status), counted, schemas);
  }
  const asksForPage = HTML in ((operation.responses['200'] as Answer | undefined)?.content ?? {});
  const codes = new Set([...errors, ...codesOf(access), ...(counted ? COUNTED : [])]);
  for (const [status, names] of Map.groupBy(codes, (code) => STATUS_BY_ERROR_CODE[code])) {
    operation.responses[status] ??= sharedError(shared, { status, codes: names.sort(), counted, asksForPage });
  }
}

function codesOf(access: Access): readonly ErrorCode[] {
  if (access.kind === 'public') return ANYWHERE;
  return [...ANYWHERE, ...KEY_HOLDER, ...(access.kind === 'caller' ? (['unknown_key'] as const) : [])];
}

/** A form says the same as JSON, where no member is an object. */
function completeRequest({ requestBody }: Operation, schemas: Schemas): void {
  const json = requestBody?.content[JSON_TYPE];
  if (requestBody === undefined || json?.schema === undefined) return;
  json.example = exampleOf(json.schema, schemas);
  const { properties = {} } = json.schema.$ref === undefined ? json.schema : resolved(json.schema.$ref, schemas);
  if (Object.values(properties).some(({ type }) => type === 'object')) return;
  requestBody.content[FORM] = { schema: json.schema, example: json.example };
}

function completeAnswer(answer: Answer, status: number, counted: boolean, schemas: Schemas): void {
  answer.headers = { ...headersOf(status, counted), ...(answer.headers ?? {}) };
  if (answer.description === '') answer.description = 'Done.';
  for (const media of Object.values(answer.content ?? {})) {
    if (media.schema !== undefined) media.example ??= exampleOf(media.schema, schemas);
  }
}

interface ErrorAnswer {
  readonly status: number;
  readonly codes: readonly ErrorCode[];
  readonly counted: boolean;
  /** Whether a person who asks for a page gets one in place of the envelope. */
  readonly asksForPage: boolean;
}

function sharedError(shared: SharedAnswers, error: ErrorAnswer): { $ref: string } {
  const { status, codes, counted, asksForPage } = error;
  const name = `${codes.map(pascal).join('Or')}${asksForPage ? 'Page' : ''}${counted ? '' : 'Uncounted'}`;
  const envelope: Schema = { $ref: '#/components/schemas/ErrorEnvelope' };
  const narrowed = { allOf: [envelope, { properties: { error: { enum: codes } } }] };
  const examples = Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]));
  shared.set(name, {
    description: codes.map((code) => `\`${code}\`: ${whenOf(code)}`).join('\n\n'),
    headers: headersOf(status, counted),
    content: {
      [JSON_TYPE]: { schema: narrowed as Schema, examples },
      ...(asksForPage ? { [HTML]: { schema: { type: 'string' }, example: PAGE_EXAMPLE } } : {}),
    },
  });
  return { $ref: `#/components/responses/${name}` };
}

const PAGE_EXAMPLE = '<!doctype html><html lang="en"><title>Not connected</title>…</html>';

function pascal(code: ErrorCode): string {
  return code.replace(/(?:^|_)([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
