import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** An answer that a document says nothing of, or says otherwise. */
export class UndocumentedAnswer extends Error {
  override readonly name = 'UndocumentedAnswer';
}

export interface AnsweredRequest {
  readonly method: string;
  /** As it was asked, with or without a query. */
  readonly path: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

type Json = Record<string, unknown>;

export interface Operation extends Json {
  readonly operationId: string;
  readonly responses: Record<string, DocumentedAnswer | { readonly $ref: string }>;
}

interface DocumentedAnswer {
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, { readonly schema: Json }>;
}

const DOCUMENT = join(import.meta.dirname, '..', '..', 'docs', 'openapi.json');
/** One value, and not one a line. */
export const IS_JSON = /[/+]json\b/;
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

export interface OpenApi extends Json {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, Json>; readonly examples: Record<string, Json> };
}

export function readDocument(): OpenApi {
  return JSON.parse(readFileSync(DOCUMENT, 'utf8')) as OpenApi;
}

/** Holds answers against docs/openapi.json: status, content type, required header fields and body. */
export class AnswerValidator {
  readonly #document: OpenApi;
  readonly #ajv: Ajv2020;
  readonly #compiled = new Map<string, ValidateFunction>();
  readonly #templates: readonly { readonly template: string; readonly pattern: RegExp }[];

  constructor(document: OpenApi = readDocument()) {
    this.#document = document;
    this.#ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
    formats.default(this.#ajv);
    this.#ajv.addSchema({ $id: 'openapi', ...withoutExtraMembers(document) });
    this.#templates = Object.keys(document.paths).map((template) => ({ template, pattern: patternOf(template) }));
  }

  /** @throws UndocumentedAnswer */
  check(answer: AnsweredRequest): void {
    const complain = (what: string): never => {
      const { method, path, status, text } = answer;
      throw new UndocumentedAnswer(`${method} ${path} → ${status}: ${what}\n${text.slice(0, 500)}`);
    };
    if (answer.headers.get('x-request-id') === null) complain('it has no X-Request-Id');
    const [path = ''] = answer.path.split('?', 1);
    const template = this.#templates.find(({ pattern }) => pattern.test(path))?.template;
    const documented = template === undefined ? undefined : this.#documented(template, answer);
    if (documented === undefined) {
      // Files of the page and preflights are no part of the API; a refusal has the envelope wherever it comes from.
      // Nor is what was refused before it was a request (RFC 6585 §5).
      const isKnownPath = template !== undefined && answer.method !== 'OPTIONS' && answer.status !== 431;
      if (isKnownPath) complain('this status is not in the document');
      if (answer.status >= 400) this.#checkBody(answer, 'openapi#/components/schemas/ErrorEnvelope', complain);
      return;
    }
    this.#checkDocumented(answer, documented, complain);
  }

  #documented(
    template: string,
    { method, status }: AnsweredRequest,
  ): { answer: DocumentedAnswer; at: string } | undefined {
    const path = this.#document.paths[template] ?? {};
    const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
    const operations = path[asked] === undefined ? METHODS.filter((name) => name in path) : [asked];
    for (const name of operations) {
      // A method that the path doesn't know gets what the others say of refusals.
      if (path[asked] === undefined && status < 400) continue;
      const found = path[name]?.responses[status];
      if (found === undefined) continue;
      if (!('$ref' in found)) return { answer: found, at: pointer('paths', template, name, 'responses', status) };
      const names = found.$ref.slice(2).split('/');
      return { answer: this.#lookUp(names) as DocumentedAnswer, at: pointer(...names) };
    }
    return undefined;
  }

  #lookUp(names: readonly string[]): unknown {
    return names.reduce<unknown>((found, name) => (found as Json)[name], this.#document);
  }

  #checkDocumented(
    answer: AnsweredRequest,
    documented: { answer: DocumentedAnswer; at: string },
    complain: (what: string) => never,
  ): void {
    for (const [name, header] of Object.entries(documented.answer.headers ?? {})) {
      const { required } = this.#lookUp((header as { $ref: string }).$ref.slice(2).split('/')) as Json;
      if (required === true && answer.headers.get(name) === null) complain(`it has no ${name}`);
    }
    if (answer.method === 'HEAD') return;
    const { content } = documented.answer;
    const [type = ''] = (answer.headers.get('content-type') ?? '').split(';', 1);
    if (content === undefined) {
      // Express adds a sentence to a redirect that nobody reads.
      if (answer.text !== '' && answer.status !== 303) complain('it has a body, and the document has none');
      return;
    }
    if (content[type] === undefined) complain(`its content type ${type} is not in the document`);
    const schema = `openapi${documented.at}/content/${escaped(type)}/schema`;
    if (IS_JSON.test(type)) this.#checkBody(answer, schema, complain);
    const lines = type === 'application/x-ndjson' ? answer.text.split('\n').slice(0, -1) : [];
    for (const text of lines) this.#checkBody({ text }, schema, complain);
  }

  #checkBody({ text }: Pick<AnsweredRequest, 'text'>, ref: string, complain: (what: string) => never): void {
    const validate = this.#compiled.get(ref) ?? this.#ajv.compile({ $ref: ref });
    this.#compiled.set(ref, validate);
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      complain('its body is not JSON');
    }
    if (!validate(body)) complain(this.#ajv.errorsText(validate.errors));
  }
}

function patternOf(template: string): RegExp {
  // Express takes a slash at the end for nothing, and letters of either case.
  return new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}/?$`, 'i');
}

function pointer(...names: readonly (string | number)[]): string {
  return `#/${names.map((name) => escaped(String(name))).join('/')}`;
}

function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));
}

/** In a test an answer must not have members that nobody described, though clients have to take them. */
function withoutExtraMembers(node: unknown): Json {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    const copy = Object.fromEntries<unknown>(Object.entries(value).map(([name, member]) => [name, walk(member)]));
    const isClosable = copy['type'] === 'object' && copy['properties'] !== undefined;
    return isClosable ? { additionalProperties: false, ...copy } : copy;
  };
  return walk(node) as Json;
}

let validator: AnswerValidator | undefined;

/** @throws UndocumentedAnswer */
export function checkAnswer(answer: AnsweredRequest): void {
  validator ??= new AnswerValidator();
  validator.check(answer);
}
