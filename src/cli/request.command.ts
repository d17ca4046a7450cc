import { parseArgs } from 'node:util';
import { CommandFailure, positionalsAs, UsageError, writeJson, type Command, type Terminal } from './command.ts';
import { configOf } from './installation.ts';
import { readSigningKey } from './secret-file.ts';
import { signedHeaders, type UnsignedRequest } from './signed-request.ts';

const TIMEOUT_SECONDS = 30;

const HELP = `Usage: request METHOD URL --client ID --secret-file FILE [--data JSON] [options]

Sends one signed request. The status goes to standard error and the body to standard output; the exit code is 0 for 2xx.

  URL                  absolute, or a path below PUBLIC_URL
  --client ID          who signs
  --secret-file FILE   its secret, or its Ed25519 private key (PEM); - reads it from standard input
  --data JSON          the body
  --timeout SECONDS    how long the whole may take; ${TIMEOUT_SECONDS} where nothing is said
  --json               {"status", "request_id", "body"}

Examples:
  request GET /integrations --client cli_8K2vX0m3vJc1yTbRdA4ZkF --secret-file shop.secret
  request POST /sessions --data '{"user_id":"ann","org_id":"acme"}' --client cli_8K2vX0m3vJc1yTbRdA4ZkF --secret-file -
`;

const OPTIONS = {
  client: { type: 'string' },
  'secret-file': { type: 'string' },
  data: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const sendRequest: Command = {
  summary: 'make a signed call by hand',
  help: HELP,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [method = '', target = ''] = positionalsAs(positionals, 'METHOD', 'URL');
    const { client, data, 'secret-file': secretFile } = values;
    if (client === undefined) throw new UsageError('Say who signs: --client ID.');
    if (secretFile === undefined)
      throw new UsageError('Say with what it signs: --secret-file FILE (- for standard input).');
    const timeoutMs = 1000 * secondsIn(values.timeout);
    const request = {
      method: checkedMethod(method, data),
      url: absolute(target, terminal),
      ...(data === undefined ? {} : { body: checkedJson(data) }),
    };
    const key = await readSigningKey(secretFile, terminal);
    const headers = { accept: 'application/json', ...signedHeaders(request, client, key) };
    return send(request, { headers, timeoutMs, json: values.json === true }, terminal);
  },
};

interface Sending {
  readonly headers: Record<string, string>;
  readonly timeoutMs: number;
  readonly json: boolean;
}

/** A redirect is an answer like any other: the signature is for this address alone. */
async function send(request: UnsignedRequest, sending: Sending, terminal: Terminal): Promise<number> {
  const { method, url, body = null } = request;
  const { headers, timeoutMs, json } = sending;
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await fetch(url, { method, headers, body, signal, redirect: 'manual' });
    const text = await response.text();
    terminal.say(`${response.status} ${response.statusText}`.trimEnd());
    if (json) {
      const request_id = response.headers.get('x-request-id');
      writeJson(terminal, { status: response.status, request_id, body: parsed(text) });
    } else if (text !== '') {
      terminal.write(text.endsWith('\n') ? text : `${text}\n`);
    }
    return response.ok ? 0 : 1;
  } catch (error) {
    throw new CommandFailure(whyUnanswered(error, url, timeoutMs), { cause: error });
  }
}

function whyUnanswered(error: unknown, url: URL, timeoutMs: number): string {
  const { name, message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError') return `${url.origin} did not answer within ${timeoutMs / 1000} s.`;
  return `${url.origin} could not be reached (${cause?.code ?? cause?.message ?? message}).`;
}

function checkedMethod(method: string, data: string | undefined): string {
  const name = method.toUpperCase();
  if (!/^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(name)) {
    throw new UsageError('METHOD is GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.');
  }
  if (data !== undefined && (name === 'GET' || name === 'HEAD')) throw new UsageError(`${name} takes no --data.`);
  return name;
}

function absolute(target: string, terminal: Terminal): URL {
  const url = parsedUrl(target.startsWith('/') ? configOf(terminal).publicUrl + target : target);
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new UsageError('URL must be an http or https address, or a path that begins with /.');
  }
  url.hash = '';
  return url;
}

function parsedUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

function checkedJson(data: string): string {
  try {
    JSON.parse(data);
    return data;
  } catch (error) {
    throw new UsageError('--data is not JSON.', { cause: error });
  }
}

function secondsIn(text: string | undefined): number {
  if (text === undefined) return TIMEOUT_SECONDS;
  const seconds = Number(text);
  if (/^\d{1,5}(?:\.\d+)?$/.test(text) && seconds > 0) return seconds;
  throw new UsageError('--timeout is a number of seconds.');
}

function parsed(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
