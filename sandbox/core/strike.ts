import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { Fault } from './faults.ts';
import type { Reply } from './message.ts';
import { send } from './send.ts';

const HUGE_BYTES = 2 ** 30;
const CHUNK_BYTES = 2 ** 16;

/** Where a `redirect` fault leads, below the provider's prefix; requests to it are counted like any other. */
export const ELSEWHERE_PATH = '/elsewhere';

/** What a fault needs to know of the request it strikes. */
export interface Victim {
  readonly response: ServerResponse;
  /** Does what the request asks for. */
  readonly handle: () => Reply;
  readonly errorReply: () => Reply;
  /** Once aborted, nothing is held back any more. */
  readonly released: AbortSignal;
  readonly dripIntervalMs: number;
}

/** Lets a fault happen, before or after the request is handled. */
export async function strike(fault: Fault, victim: Victim): Promise<void> {
  const { response } = victim;
  const acted = fault.when === 'after' ? victim.handle() : null;
  if (strikeWithoutAnswer(fault, response, victim.errorReply)) return;
  if (fault.mode === 'slow' && !(await pause(response, fault.delayMs, victim.released))) return;
  sendFaulted(fault, response, acted ?? victim.handle(), victim.dripIntervalMs);
}

/** Waits; false when the client has gone meanwhile. */
function pause(response: ServerResponse, delayMs: number, released: AbortSignal): Promise<boolean> {
  if (response.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const settle = (stays: boolean) => () => {
      clearTimeout(timer);
      released.removeEventListener('abort', goOn);
      response.off('close', giveUp);
      resolve(stays);
    };
    const goOn = settle(true);
    const giveUp = settle(false);
    const timer = setTimeout(goOn, delayMs);
    released.addEventListener('abort', goOn);
    response.once('close', giveUp);
  });
}

/** Lets a fault happen that needs no true answer. Returns false for the modes that do. */
function strikeWithoutAnswer(fault: Fault, response: ServerResponse, errorReply: () => Reply): boolean {
  switch (fault.mode) {
    case 'status':
      sendStatus(fault, response, errorReply());
      return true;
    case 'hang':
      return true;
    case 'reset':
      resetConnection(response);
      return true;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
      response.end('<!doctype html><title>Maintenance</title><h1>We will be right back</h1>');
      return true;
    case 'huge':
      sendHuge(response);
      return true;
    case 'gzip_bomb':
      sendGzipBomb(response);
      return true;
    case 'redirect':
      sendElsewhere(fault, response);
      return true;
    case 'drip':
    case 'truncate':
    case 'slow':
      return false;
  }
}

/** Sends the true answer the way the fault has it. */
function sendFaulted(fault: Fault, response: ServerResponse, reply: Reply, dripIntervalMs: number): void {
  if (fault.mode === 'drip') drip(response, reply, dripIntervalMs);
  else if (fault.mode === 'truncate') truncate(response, reply);
  else send(response, reply);
}

function sendStatus(fault: Fault, response: ServerResponse, reply: Reply): void {
  const retryAfter = fault.retryAfterSeconds;
  send(response, {
    ...reply,
    headers: { ...reply.headers, ...(retryAfter === null ? {} : { 'retry-after': String(retryAfter) }) },
  });
}

function resetConnection(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
}

function drip(response: ServerResponse, reply: Reply, intervalMs: number): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    if (sent < body.length) response.write(body.subarray(sent, ++sent));
    if (sent < body.length) return;
    clearInterval(timer);
    response.end();
  }, intervalMs);
  response.on('close', () => clearInterval(timer));
}

function truncate(response: ServerResponse, reply: Reply): void {
  const body = Buffer.from(reply.body);
  response.writeHead(reply.status, { ...reply.headers, 'content-length': body.length });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroySoon());
}

/** Writes `blocks` over and over, as fast as the client reads and no faster, up to `bytes`. */
function pour(response: ServerResponse, block: Buffer, bytes: number): void {
  let left = bytes;
  const write = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!response.write(block)) {
        response.once('drain', write);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  write();
}

function sendHuge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{"ok":true,"padding":"');
  pour(response, Buffer.alloc(CHUNK_BYTES, 'x'), HUGE_BYTES);
}

/** A gzip file may have many members (RFC 1952 section 2.2): one of 16 MB, 64 times, inflates to a gigabyte. */
function sendGzipBomb(response: ServerResponse): void {
  const memberBytes = 2 ** 24;
  const member = gzipSync(Buffer.alloc(memberBytes, ' '), { level: 9 });
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-encoding': 'gzip' });
  response.write(gzipSync('{"ok":true,"padding":"'));
  pour(response, member, member.length * (HUGE_BYTES / memberBytes));
}

function sendElsewhere(fault: Fault, response: ServerResponse): void {
  const port = response.socket?.localPort ?? 80;
  const host = (response.req.headers.host ?? '').startsWith('localhost') ? '127.0.0.1' : 'localhost';
  response.writeHead(307, {
    location: `http://${host}:${port}/${fault.provider}${ELSEWHERE_PATH}`,
    'content-type': 'application/json; charset=utf-8',
  });
  response.end('{}');
}
