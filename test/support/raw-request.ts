import { createSignatureSync, type SignatureComponent } from 'http-message-sig';
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { contentDigest, type RequestKey } from './request-signer.ts';

/** A request as its bytes are, so that what no client would send can be sent. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Readonly<Record<string, unknown>>;
}

export interface SignedAs {
  readonly method?: string;
  /** Authority, path and query that are signed. */
  readonly url: URL;
  readonly body?: string;
  readonly components?: readonly SignatureComponent[];
  /** Over created, nonce and keyid; `undefined` leaves one out. */
  readonly parameters?: Readonly<Record<string, string | number | undefined>>;
  /** Over the header fields; `undefined` leaves one out. */
  readonly fields?: Readonly<Record<string, string | undefined>>;
  readonly label?: string;
}

/** A request that holds in every respect, but for what is given. */
export function signedRequest(key: RequestKey, options: SignedAs): RawRequest {
  const { url, method = 'POST', body = '' } = options;
  const bodyFields = { 'content-type': 'application/json', 'content-digest': contentDigest(Buffer.from(body)) };
  const fields = present({ ...(body === '' ? {} : bodyFields), ...options.fields });
  const { signature, signatureInput } = createSignatureSync(
    { kind: 'request', method, targetUri: url.href, fields: fields.map(([name, value]) => ({ name, value })) },
    {
      label: options.label ?? 'sig1',
      components: options.components ?? ['@method', '@authority', '@path', '@query', ...fields.map(([name]) => name)],
      parameters: Object.fromEntries(
        present({ created: now(), keyid: key.keyId, nonce: newNonce(), ...options.parameters }),
      ),
      signer: key.signer,
    },
  );
  const headers = [
    ['host', url.host],
    ...fields,
    ['signature-input', signatureInput],
    ['signature', signature],
  ] as const;
  return { method, target: url.pathname + url.search, headers, body };
}

export const now = (): number => Math.floor(Date.now() / 1000);
export const newNonce = (): string => randomBytes(16).toString('base64url');

function present<T>(values: Readonly<Record<string, T | undefined>>): [string, T][] {
  return Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined);
}

/** The same with one header another, once or more often, or without it. */
export function withHeader(request: RawRequest, name: string, ...values: readonly string[]): RawRequest {
  const kept = request.headers.filter(([other]) => other !== name);
  return { ...request, headers: [...kept, ...values.map((value) => [name, value] as const)] };
}

export function headerOf(request: RawRequest, name: string): string {
  return request.headers.find(([other]) => other === name)?.[1] ?? '';
}

/** Sends it to a port of 127.0.0.1 and waits for the end. A body gets its length unless its transfer is encoded. */
export function sendRaw(port: number, request: RawRequest): Promise<RawAnswer> {
  const body = Buffer.from(request.body);
  const isFramed = request.headers.some(([name]) => name === 'transfer-encoding' || name === 'content-length');
  const framing = body.length === 0 || isFramed ? [] : [['content-length', String(body.length)] as const];
  const lines = [...request.headers, ...framing, ['connection', 'close']].map(([name, value]) => `${name}: ${value}`);
  const head = [`${request.method} ${request.target} HTTP/1.1`, ...lines].join('\r\n');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('close', () => resolve(answerOf(Buffer.concat(chunks).toString('utf8')))).on('error', reject);
    socket.write(Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), body]));
  });
}

function answerOf(text: string): RawAnswer {
  const [head = '', body = ''] = text.split('\r\n\r\n', 2);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = new Headers(
    lines.map((line): [string, string] => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
  const isJson = headers.get('content-type')?.includes('json') === true && body !== '';
  return {
    status: Number(first.split(' ')[1]),
    headers,
    json: isJson ? (JSON.parse(body) as Record<string, unknown>) : {},
  };
}
