/** What the callback page tells the frontend when the provider has sent the person back. */
export interface ConnectionMessage {
  type: 'patchbay.connection';
  integration: string;
  status: 'connected' | 'denied' | 'failed';
  state: string;
  error?: string;
  connection_id?: string;
}

const CHANNEL = 'patchbay';
const STATUSES: unknown[] = ['connected', 'denied', 'failed'] satisfies ConnectionMessage['status'][];

/** The message, if it comes from our own origin and has the agreed shape; null otherwise. */
export function readConnectionMessage(
  event: { origin: string; data: unknown },
  origin: string,
): ConnectionMessage | null {
  if (event.origin !== origin || typeof event.data !== 'object' || event.data === null) return null;
  const message = event.data as Partial<Record<keyof ConnectionMessage, unknown>>;
  const fits =
    message.type === 'patchbay.connection' &&
    typeof message.integration === 'string' &&
    typeof message.state === 'string' &&
    STATUSES.includes(message.status);
  return fits ? (message as ConnectionMessage) : null;
}

/**
 * Reports the `state` of every authorization that a callback page says has ended, over whichever channel arrives.
 * It is a hint to look sooner, never the truth: any script of our origin could send one.
 */
export function listenForConnections(heard: (message: ConnectionMessage) => void): () => void {
  const receive = (event: MessageEvent): void => {
    const message = readConnectionMessage(event, window.location.origin);
    if (message) heard(message);
  };
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', receive);
  window.addEventListener('message', receive);
  return () => {
    channel.close();
    window.removeEventListener('message', receive);
  };
}
