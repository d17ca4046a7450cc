import type { INestApplication } from '@nestjs/common';
import { ThrottlerStorage } from '@nestjs/throttler';
import { RefreshJournal } from './connections/refresh-journal.ts';
import { SharedWindows } from './http/rate-limit/shared-windows.ts';
import type { ServedRequest } from './http/served-request.ts';
import { OpenStreams } from './items/open-streams.ts';
import { StatusBoard } from './operations/status-board.ts';
import { STATUS_PATH } from './operations/status.controller.ts';
import { OutboundClient } from './outbound/outbound-client.ts';
import { ObservedKeyValueStore } from './storage/observed-key-value-store.ts';

/** Whoever looks at how busy it is must not see himself, nor probes that come every second. */
const LOOKS = [STATUS_PATH, '/health', '/metrics'];

/**
 * Has the status board told of what happens in the rooms that it doesn't know.
 * @returns what is to be told of every request
 */
export function keepStatus(application: INestApplication): (request: ServedRequest) => void {
  const find = { strict: false } as const;
  const board = application.get(StatusBoard, find);
  const streams = application.get(OpenStreams, find);
  const windows = application.get<unknown>(ThrottlerStorage, find);
  board.openStreams = () => streams.size;
  if (windows instanceof SharedWindows) board.areLimitsAlone = () => windows.isAlone;
  application.get(OutboundClient, find).observe((attempt) => board.attempt(attempt));
  application
    .get(RefreshJournal, find)
    .events.listen(({ integration, outcome }) => board.refresh(integration, outcome));
  application
    .get(ObservedKeyValueStore, find)
    .observe(({ outcome, durationMs }) => board.storeOperation(outcome, durationMs));
  return ({ route, status, durationMs }) => {
    if (!LOOKS.some((path) => route.startsWith(path))) board.request(status, durationMs);
  };
}
