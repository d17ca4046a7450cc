import { normalizeIp } from '@nestjs/throttler';
import type { Request } from 'express';
import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import type { Caller } from '../../callers/caller.ts';

/**
 * Whose budget a request spends before anybody knows who sent it: an IPv4 address (also when it came as an IPv4-mapped
 * one) or an IPv6 /64, which is what one customer gets (RFC 6177). `request.ip` is the nearest address that is no trusted
 * proxy; where a proxy wrote something else than an address there, the proxy itself is the client.
 */
export function addressKey(request: Pick<Request, 'ip' | 'socket'>): string {
  const { ip = '' } = request;
  const address = isIP(ip) === 0 ? request.socket.remoteAddress : ip;
  return address === undefined ? 'unknown' : normalizeIp(address);
}

/** A user is one however many sessions they have. Their identifiers are the integrator's and stay out of the store. */
export function callerKey(caller: Caller): string {
  if (caller.kind === 'api_client') return caller.id;
  return createHash('sha256')
    .update(JSON.stringify([caller.orgId, caller.userId]))
    .digest('base64url');
}
