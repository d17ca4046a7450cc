import type { Observable } from '../state/observable.ts';
import type { ConnectAttempt } from './connect-attempts.ts';

/** What the page around a framed connect page hears; the callback page's message, without the state. */
export interface HostMessage {
  type: 'patchbay.connection';
  integration: string;
  status: 'connected' | 'denied' | 'failed';
  connection_id?: string;
  error?: string;
}

/** Tells the page around this one how each attempt ended, once. @returns how to stop */
export function tellHost(
  attempts: Observable<readonly ConnectAttempt[]>,
  post: (message: HostMessage) => void,
): () => void {
  const told = new Set<string>();
  const tell = (): void => {
    for (const attempt of attempts.get()) {
      const message = messageOf(attempt);
      if (!message || told.has(attempt.id)) continue;
      told.add(attempt.id);
      post(message);
    }
  };
  return attempts.subscribe(tell);
}

function messageOf({ integration, phase }: ConnectAttempt): HostMessage | null {
  const type = 'patchbay.connection';
  switch (phase.name) {
    case 'connected':
      return {
        ...{ type, integration, status: phase.name },
        ...(phase.connectionId === null ? {} : { connection_id: phase.connectionId }),
      };
    case 'denied':
      return { type, integration, status: phase.name };
    case 'failed':
      return { type, integration, status: phase.name, ...(phase.error === null ? {} : { error: phase.error }) };
    default:
      return null;
  }
}
