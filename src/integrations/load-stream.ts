import type { Request, Response } from 'express';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { NdjsonSink } from '../items/ndjson-sink.ts';
import type { LoadRequest } from './dto/load.request.dto.ts';

/** Newline-delimited JSON. */
export const NDJSON = 'application/x-ndjson';

/** Whether the caller would rather have lines than a page (RFC 9110 §12.5.1). A page for who doesn't mind. */
export function wantsStream(request: Request): boolean {
  return request.accepts(['application/json', NDJSON]) === NDJSON;
}

/** Lines of an answer whose head goes out with the first, so that a failure before it still has a status of its own. */
export function linesOf(response: Response): NdjsonSink {
  return new NdjsonSink(response, () => {
    // A proxy that gathers what is streamed would keep it from whoever waits for it.
    response.status(200).set({ 'Content-Type': `${NDJSON}; charset=utf-8`, 'X-Accel-Buffering': 'no' });
    response.flushHeaders();
  });
}

/** @throws PatchbayError `invalid_request` when a load is told to begin in two places */
export function refuseTwoStarts({ cursor, checkpoint, modified_since }: LoadRequest): void {
  if (checkpoint === undefined) return;
  const others = { cursor, modified_since };
  const fields = Object.entries(others)
    .filter(([, value]) => value !== undefined)
    .map(([field]) => ({ field, problem: 'goes without checkpoint, which says where and since when' }));
  if (fields.length > 0) throw new PatchbayError('invalid_request', 'A load begins in one place.', { fields });
}
