import type { Request } from 'express';
import type { Owner } from '../connections/owner.ts';
import type { ConnectionRequest } from './dto/connection.request.dto.ts';
import type { OwnerRequest } from '../callers/dto/owner.request.dto.ts';
import type { ConnectionQuery } from './integration.service.ts';

export function ownerOf(request: OwnerRequest): Owner {
  return { orgId: request.org_id, userId: request.user_id };
}

export function choiceOf(request: ConnectionRequest): ConnectionQuery {
  const { connection_id: connectionId } = request;
  return { owner: ownerOf(request), ...(connectionId === undefined ? {} : { connectionId }) };
}

/** Aborts when the caller goes away before it has its answer, so that nobody is asked for what nobody waits for. */
export function whenHungUp(request: Request): AbortSignal {
  const controller = new AbortController();
  request.res?.once('close', () => {
    if (request.res?.writableFinished !== true) controller.abort();
  });
  return controller.signal;
}

/** The id that the answer carries. */
export function requestIdOf(request: Request): string | undefined {
  const id = request.res?.getHeader('X-Request-Id');
  return typeof id === 'string' ? id : undefined;
}
