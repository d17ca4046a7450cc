import { expect } from '@jest/globals';
import { OWNER, startPatchbay, type RunningPatchbay } from './patchbay.ts';
import {
  headerOf,
  sendRaw,
  signedRequest,
  withHeader,
  type RawAnswer,
  type RawRequest,
  type SignedAs,
} from './raw-request.ts';
import { SandboxControl } from './sandbox-control.ts';
import { newClient, type SignedCaller } from './signed-caller.ts';

export const BODY = JSON.stringify(OWNER);

export type Row = readonly [what: string, request: () => RawRequest | Promise<RawRequest>, code?: string];

/** A connection behind the door, to see from whether anything got through. */
export class GuardedConnection {
  readonly patchbay: RunningPatchbay;
  readonly client: SignedCaller;
  readonly port: number;
  readonly #sandbox: SandboxControl;

  private constructor(patchbay: RunningPatchbay, client: SignedCaller) {
    this.patchbay = patchbay;
    this.client = client;
    this.port = Number(new URL(patchbay.url).port);
    this.#sandbox = new SandboxControl(patchbay.sandbox);
  }

  static async start(): Promise<GuardedConnection> {
    const patchbay = await startPatchbay({ environment: { ALLOWED_ORIGINS: 'https://localhost:9443' } });
    const started = new GuardedConnection(patchbay, await newClient(patchbay));
    expect((await patchbay.newBrowser().connect('notion', OWNER)).status).toBe(200);
    await started.forget();
    return started;
  }

  url(path: string): URL {
    return new URL(path, this.patchbay.url);
  }

  /** A load reaches the provider, so one that is refused and yet made can be seen there. */
  load(options: Partial<SignedAs> = {}): RawRequest {
    return signedRequest(this.client.key, { url: this.url('/integrations/notion/load'), body: BODY, ...options });
  }

  /** And a disconnect leaves no connection behind. */
  disconnect(options: Partial<SignedAs> = {}): RawRequest {
    const url = this.url('/integrations/notion/credentials?user_id=ann&org_id=acme');
    return signedRequest(this.client.key, { method: 'DELETE', url, ...options });
  }

  send(request: RawRequest): Promise<RawAnswer> {
    return sendRaw(this.port, request);
  }

  async expectRefused(request: RawRequest, code: string): Promise<void> {
    const answer = await this.send(request);
    expect({ status: answer.status, error: answer.json['error'] }).toEqual({ status: 401, error: code });
    expect(answer.headers.get('www-authenticate')).toBe('Signature');
    expect(answer.headers.get('accept-signature')).toMatch(/^sig1=\("@method" /);
  }

  async expectUntouched(): Promise<void> {
    const { requests, revocations } = await this.#sandbox.stats('notion');
    const { json } = await this.client.call('GET', '/connections?user_id=ann&org_id=acme');
    const connections = (json['connections'] as unknown[]).length;
    expect({ requests, revocations, connections }).toEqual({ requests: {}, revocations: 0, connections: 1 });
  }

  /** Counts from here on. */
  forget(): Promise<void> {
    return this.#sandbox.reset();
  }

  close(): Promise<void> {
    return this.patchbay.close();
  }
}

/** With another Signature-Input beside the same signature. */
export function changedInput(request: RawRequest, change: (input: string) => string): RawRequest {
  return withHeader(request, 'signature-input', change(headerOf(request, 'signature-input')));
}
