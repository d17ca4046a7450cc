import { randomUUID } from 'node:crypto';
import type { Switches } from '../config/app-config.ts';
import type { Account, Connection } from '../connections/connection.ts';
import { jsonObjectIn } from '../outbound/json-body.ts';
import type { CallPacing, OutboundResponse } from '../outbound/outbound-call.ts';
import { paceLane, type PaceLane } from '../outbound/pacing/pace.ts';
import type { Pacer } from '../outbound/pacing/pacer.ts';
import type { PaceWait } from '../outbound/pacing/waiter.ts';
import { grantedSeconds, retryAfterSeconds } from '../outbound/retry-after.ts';
import { problemByStatus, type ApiProblem, type IntegrationDescriptor } from './integration-descriptor.ts';

/** On whose behalf a provider's API is used, for one load or the like. */
export interface ApiUse {
  readonly connection: Pick<Connection, 'connectionId' | 'clientId'> & {
    /** Absent while nobody knows whose the token is: all such calls to one provider share a lane. */
    readonly account?: Pick<Account, 'id' | 'within'>;
  };
  /** Told whenever a call has to wait for the provider's limit. */
  readonly onWait?: (wait: PaceWait) => void;
}

/** What the operator says of a provider's limits. */
export interface OperatorLimits {
  /** On the documented ones. */
  readonly factor: number;
  readonly switches?: Switches;
}

/** No provider's id is empty. */
const NOT_KNOWN_YET: Pick<Account, 'id' | 'within'> = { id: '' };

type Throttled = ApiProblem & { readonly kind: 'rate-limited' };

/** Keeps one use of a provider's API to the provider's limits. */
export class ApiPacing {
  readonly #pacer: Pacer;
  readonly #descriptor: IntegrationDescriptor;
  readonly #limits: OperatorLimits;
  readonly #use: ApiUse;
  /** Uses of one connection take turns. */
  readonly #load = randomUUID();

  constructor(pacer: Pacer, descriptor: IntegrationDescriptor, limits: OperatorLimits, use: ApiUse) {
    this.#pacer = pacer;
    this.#descriptor = descriptor;
    this.#limits = limits;
    this.#use = use;
  }

  get connectionId(): string {
    return this.#use.connection.connectionId;
  }

  /** @param path below the base of the API */
  of(path: string): CallPacing {
    const { connection, onWait } = this.#use;
    const flow = { connection: connection.connectionId, load: this.#load };
    const lane = this.#lane(path);
    return {
      admit: (deadline, signal) => this.#pacer.admit({ ...flow, lane, deadline, signal, onWait }),
      heed: (response) => this.#heed(lane, response),
    };
  }

  /** For a refusal that the status didn't show. */
  async hold(path: string, problem: Throttled, response: OutboundResponse): Promise<void> {
    await this.#hold(this.#lane(path), problem, askedSeconds(this.#descriptor, problem, response));
  }

  async #heed(lane: PaceLane, response: OutboundResponse): Promise<number> {
    if (response.status < 400) return 0;
    const { problemOf = problemByStatus } = this.#descriptor.api;
    const problem = problemOf({ status: response.status, body: jsonObjectIn(response.body) ?? {} });
    if (problem?.kind !== 'rate-limited') return 0;
    const seconds = askedSeconds(this.#descriptor, problem, response);
    return (await this.#hold(lane, problem, seconds)) ? seconds * 1000 : 0;
  }

  /** @returns whether it did: one account that is refused must not keep everybody else from being connected */
  async #hold({ gate, ...lane }: PaceLane, { alone }: Throttled, seconds: number): Promise<boolean> {
    if (this.#use.connection.account === undefined) return false;
    await this.#pacer.hold(alone === true || gate === undefined ? lane : { ...lane, gate }, seconds);
    // The call that was refused waits for its next try, and in no queue that would tell.
    const { integration, resource } = lane;
    this.#use.onWait?.({ integration, resource, waitMs: seconds * 1000 });
    return true;
  }

  #lane(path: string): PaceLane {
    const { name, api } = this.#descriptor;
    const { clientId, account: { id, within } = NOT_KNOWN_YET } = this.#use.connection;
    const { factor, switches } = this.#limits;
    const call = {
      ...{ path, clientId, account: id },
      ...(within === undefined ? {} : { within }),
      ...(switches === undefined ? {} : { switches }),
    };
    return paceLane(name, api.pace(call), factor);
  }
}

/** How long a provider has us stay away, an hour at most. What the header says beats what a vendor's error code lets one guess. */
export function askedSeconds(
  { api }: IntegrationDescriptor,
  problem: Throttled,
  response: Pick<OutboundResponse, 'headers'>,
): number {
  return retryAfterSeconds(response.headers) ?? grantedSeconds(problem.retryAfterSeconds ?? api.throttledWaitSeconds);
}
