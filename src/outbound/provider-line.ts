import { Agent } from 'undici';
import { AttemptDeadline } from './attempt-deadline.ts';
import type { Circuit } from './circuit.ts';
import { exchange } from './exchange.ts';
import type { OutboundRequest, OutboundResponse } from './outbound-call.ts';
import { OutboundError, outboundError } from './outbound-error.ts';
import { verdictOn, type Verdict } from './provider-health.ts';
import { Slots } from './slots.ts';

const RETRY_AFTER_SECONDS = 1;

export interface LineLimits {
  /** TCP and TLS. */
  readonly connectTimeoutMs: number;
  /** Also the longest pause within a body. */
  readonly headersTimeoutMs: number;
  readonly maxBodyBytes: number;
  /** Calls at a time; the others wait in line. */
  readonly connections: number;
  /** Of those, for one on whose behalf calls are made. */
  readonly connectionsOfOne: number;
}

/** The way to one kind of endpoint of one provider: its circuit, a line, and connections that are kept alive. */
export class ProviderLine {
  readonly circuit: Circuit;
  readonly #limits: LineLimits;
  readonly #pool: Agent;
  readonly #slots: Slots;

  constructor(circuit: Circuit, limits: LineLimits) {
    this.circuit = circuit;
    this.#limits = limits;
    // A refresh is worth any wait: there is one for all who need the token.
    const tooLate = circuit.endpoint === 'api' ? () => congested(circuit.integration) : undefined;
    this.#slots = new Slots({ all: limits.connections, ofOne: limits.connectionsOfOne }, tooLate);
    this.#pool = new Agent({
      // Said, so that no variable in the environment can unsay it.
      connect: { timeout: limits.connectTimeoutMs, rejectUnauthorized: true },
      headersTimeout: limits.headersTimeoutMs,
      bodyTimeout: limits.headersTimeoutMs,
      connections: limits.connections,
      allowH2: false,
    });
  }

  /**
   * One attempt, the wait in line included.
   * @throws OutboundError `provider_unavailable` when there is none because the circuit is open; the caller's own reason
   * when it hung up; `service_unavailable` when more is asked of the provider than our line to it can do
   */
  async attempt(request: OutboundRequest, timeoutMs: number): Promise<OutboundResponse | OutboundError> {
    const admission = this.circuit.admit();
    const deadline = new AttemptDeadline(request, timeoutMs, this.#limits.headersTimeoutMs);
    let verdict: Verdict = 'unknown';
    let slotSince: number | undefined;
    try {
      const turn = this.#slots.take(deadline.signal, request.onBehalfOf);
      if (turn !== undefined) await turn;
      slotSince = performance.now();
      deadline.sent();
      const { maxBodyBytes } = this.#limits;
      const options = { dispatcher: this.#pool, signal: deadline.signal, timeoutMs, maxBodyBytes };
      const response = await exchange(request, options);
      verdict = verdictOn(response);
      return response;
    } catch (error) {
      if (request.signal?.aborted === true) throw request.signal.reason;
      const failed = outboundError(request.integration, error);
      if (failed.code === 'service_unavailable') throw failed;
      verdict = verdictOn(failed);
      return failed;
    } finally {
      deadline.over();
      // First: whoever is next in line may have to be sent away.
      this.circuit.report(admission, verdict);
      if (slotSince !== undefined) this.#slots.release(request.onBehalfOf, performance.now() - slotSince);
    }
  }

  /** Whoever waits in line fails now. */
  sendAway(): void {
    this.#slots.sendAway(() => this.circuit.refusal());
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}

function congested(integration: string): OutboundError {
  const message = `Too much is asked of ${integration} at once. Try again in ${RETRY_AFTER_SECONDS} s.`;
  return new OutboundError('service_unavailable', message, 'not-sent', {
    integration,
    retry_after: RETRY_AFTER_SECONDS,
  });
}
