import type { ServerResponse } from 'node:http';
import type { Reply } from './message.ts';

export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(reply.body);
  const bodiless = reply.status === 204 || reply.status === 304;
  response.writeHead(reply.status, { ...reply.headers, ...(bodiless ? {} : { 'content-length': body.length }) });
  response.end(bodiless ? undefined : body);
}
