import fc from 'fast-check';
import type { OpenApi, Operation } from './answer-validator.ts';

/** A request as it could be sent, whether or not it makes sense. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly example?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: Schema;
}

type Members = Record<string, unknown>;

const FORM = 'application/x-www-form-urlencoded';

/** Text that breaks things elsewhere: other scripts, controls, halves of characters, other languages' syntax, length. */
const oddText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('', ' ', '\u0000', '\r\nX-Injected: 1', '\ud800', '\u202egnp.exe', '../../etc/passwd', '%00', '%zz'),
  fc.constantFrom(
    '<script>alert(1)</script>',
    "' OR 1=1 --",
    '${7*7}',
    '__proto__',
    'NaN',
    '1e400',
    'javascript:alert(1)',
  ),
  fc.constantFrom('2026-W01', '2026-02-30T00:00:00Z', '-271821-04-20T00:00:00Z', '+275760-09-13T00:00:00Z', '2026-060'),
  fc.integer({ min: 1, max: 120_000 }).map((length) => 'x'.repeat(length)),
);
const oddValue = fc.oneof(oddText, fc.jsonValue({ maxDepth: 2 }), fc.constant(Number.MAX_VALUE), fc.constant(-0));
const oddName = fc.oneof(oddText, fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'user_id[]'));
const oddType = fc.constantFrom(
  ...['application/json', 'application/json; charset=utf-16', 'application/json;', 'APPLICATION/JSON', 'text/plain'],
  ...['application/xml', 'multipart/form-data; boundary=x', `${FORM}; charset=latin1`, '*/*', 'application', ';'],
);
const oddHeaders = fc.dictionary(
  fc
    .constantFrom(
      'x-request-id',
      'accept',
      'cookie',
      'origin',
      'range',
      'if-none-match',
      'forwarded',
      'x-forwarded-for',
    )
    .filter((name) => name !== 'origin'),
  fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), maxLength: 60 }),
  { maxKeys: 3 },
);

/** What suits an operation, and that with something wrong. `fixed` are members' values; undefined leaves one out. */
export function requestsFor(
  document: OpenApi,
  { method, path, operation }: { method: string; path: string; operation: Operation },
  fixed: Members,
): fc.Arbitrary<OddRequest> {
  const parameters = (operation['parameters'] ?? []) as readonly Parameter[];
  const body = (operation['requestBody'] as { content: Record<string, { schema: Schema }> } | undefined)?.content;
  const schema = body?.['application/json']?.schema;
  const query = querySchema(parameters);
  const segments = parameters.filter((parameter) => parameter.in === 'path');
  return fc
    .record({
      at: fc.tuple(...segments.map((segment) => fc.oneof(suitable(document, segment.schema), oddText))),
      query: fc.oneof({ weight: 3, arbitrary: queries(document, query, fixed) }, { weight: 1, arbitrary: oddText }),
      headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: oddHeaders }),
      body: schema === undefined ? fc.constant(undefined) : bodies(document, schema, fixed),
    })
    .map((made) => {
      const filled = segments.reduce((so, { name }, at) => so.replace(`{${name}}`, segment(made.at[at])), path);
      const search = made.query === '' ? '' : `?${made.query}`;
      const type = made.body === undefined ? {} : { 'content-type': made.body.type };
      const headers = { ...made.headers, ...type };
      const text = made.body === undefined ? {} : { body: made.body.text };
      return { method, path: filled + search, headers, ...text };
    });
}

/** One segment, which no reader takes for a step upwards or for several. */
function segment(value: unknown): string {
  return encodeURIComponent(String(value).toWellFormed().slice(0, 2000)).replace(/^\.{0,2}$/, 'x');
}

function querySchema(parameters: readonly Parameter[]): Schema {
  const asked = parameters.filter((parameter) => parameter.in === 'query');
  return {
    properties: Object.fromEntries(asked.map(({ name, schema }) => [name, schema])),
    required: asked.filter(({ required }) => required).map(({ name }) => name),
  };
}

function queries(document: OpenApi, schema: Schema, fixed: Members): fc.Arbitrary<string> {
  return members(document, schema, fixed).map((made) => form(made).slice(0, 6000));
}

function bodies(document: OpenApi, schema: Schema, fixed: Members): fc.Arbitrary<{ text: string; type: string }> {
  const made = members(document, schema, fixed);
  const json = made.map((value) => ({ text: JSON.stringify(value), type: 'application/json' }));
  const asForm = made.map((value) => ({ text: form(value), type: FORM }));
  const text = fc.oneof(
    oddText,
    fc.json(),
    made.map((value) => JSON.stringify(value).slice(1)),
  );
  const odd = fc.record({ text, type: fc.oneof(fc.constant('application/json'), fc.constant(FORM), oddType) });
  return fc.oneof({ weight: 4, arbitrary: json }, { weight: 2, arbitrary: asForm }, { weight: 2, arbitrary: odd });
}

function form(values: Members): string {
  const pairs = Object.entries(values).flatMap(([name, value]) => [value].flat(1).map((one) => [name, plain(one)]));
  return new URLSearchParams(pairs as [string, string][]).toString();
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Members that suit; often with one missing, spoilt or added. */
function members(document: OpenApi, asked: Schema, fixed: Members): fc.Arbitrary<Members> {
  const schema = resolve(document, asked);
  const { properties = {}, required = [] } = schema;
  const names = Object.keys(properties);
  const known = Object.entries(properties).filter(([name]) => !(name in fixed) || fixed[name] !== undefined);
  const good = fc.record(
    Object.fromEntries(
      known.map(([name, member]) => [name, name in fixed ? fc.constant(fixed[name]) : suitable(document, member)]),
    ),
    { requiredKeys: [...required] },
  ) as fc.Arbitrary<Members>;
  const added = fc.tuple(good, oddName, oddValue).map(([made, name, value]) => withMember(made, name, value));
  if (names.length === 0) return fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: added });
  const name = fc.constantFrom(...names);
  const spoilt = fc.tuple(good, name, oddValue).map(([made, at, value]) => withMember(made, at, value));
  const without = ([made, at]: [Members, string]) =>
    Object.fromEntries(Object.entries(made).filter(([kept]) => kept !== at));
  const missing = fc.tuple(good, name).map(without);
  return fc.oneof(
    { weight: 4, arbitrary: good },
    { weight: 4, arbitrary: spoilt },
    { weight: 1, arbitrary: missing },
    { weight: 1, arbitrary: added },
  );
}

/** As JSON can hold it: a member named `__proto__` is one like any other. */
function withMember(made: Members, name: string, value: unknown): Members {
  const copy: Members = { ...made };
  Object.defineProperty(copy, name, { value, enumerable: true, configurable: true, writable: true });
  return copy;
}

function suitable(document: OpenApi, asked: Schema): fc.Arbitrary<unknown> {
  const schema = resolve(document, asked);
  const { type } = schema;
  if (schema.example !== undefined && type !== 'object') return fc.constant(schema.example);
  if (schema.properties !== undefined) return fc.oneof(fc.constant(schema.example), members(document, schema, {}));
  if (schema.items !== undefined) return fc.array(suitable(document, schema.items), { minLength: 1, maxLength: 3 });
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (type === 'integer') return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 1000 });
  if (schema.format === 'date-time') return fc.date({ noInvalidDate: true }).map((date) => date.toISOString());
  if (schema.pattern !== undefined) return fc.stringMatching(new RegExp(schema.pattern), { size: '-1' });
  return fc.constant(schema.example ?? 'text');
}

function resolve(document: OpenApi, schema: Schema): Schema {
  const name = schema.$ref?.split('/').pop();
  return name === undefined ? schema : (document.components.schemas[name] as Schema);
}
