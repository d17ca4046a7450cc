import {
  Controller,
  Get,
  Header,
  Inject,
  Injectable,
  Res,
  ServiceUnavailableException,
  type BeforeApplicationShutdown,
} from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { Public } from '../callers/access.ts';
import {
  HealthCheck,
  HealthCheckService,
  HealthIndicatorService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import type { CircuitState } from '../outbound/circuit.ts';
import { KeyValueStore } from '../storage/key-value-store.ts';

/** Whether the process still takes on work. */
@Injectable()
export class Drain implements BeforeApplicationShutdown {
  #draining = false;

  get isDraining(): boolean {
    return this.#draining;
  }

  beforeApplicationShutdown(): void {
    this.#draining = true;
  }
}

@ApiTags('Operations')
@Public('probes know no keys')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(KeyValueStore) private readonly store: KeyValueStore,
    @Inject(Drain) private readonly drain: Drain,
    @Inject(CircuitBreakers) private readonly circuits: CircuitBreakers,
  ) {}

  @Get('live')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether the process is up' })
  @HealthCheck()
  live(): Promise<HealthCheckResult> {
    return this.health.check([]);
  }

  @Get('ready')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Whether it can serve: its store answers and it is not shutting down' })
  @HealthCheck()
  ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#checked(response);
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All of it, and the circuit to each provider, for people' })
  @HealthCheck()
  all(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#checked(response, () => this.#circuitsIndicator());
  }

  /** A no is an answer here, in terminus' own shape and not in the envelope: probes read it. */
  async #checked(response: Response, ...more: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    try {
      return await this.health.check([() => this.#storeIndicator(), () => this.#drainIndicator(), ...more]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(503);
      return error.getResponse() as HealthCheckResult;
    }
  }

  async #storeIndicator() {
    const indicator = this.indicators.check('store');
    try {
      await this.store.ping();
      return indicator.up();
    } catch {
      return indicator.down({ message: 'the store does not answer' });
    }
  }

  #drainIndicator() {
    const indicator = this.indicators.check('accepting');
    return this.drain.isDraining ? indicator.down({ message: 'shutting down' }) : indicator.up();
  }

  /** Always up: a provider that is down is no failure of ours, and restarting us wouldn't mend it. */
  #circuitsIndicator() {
    const shown: Record<string, Partial<Record<CircuitState['endpoint'], object>>> = {};
    for (const circuit of this.circuits.states()) (shown[circuit.integration] ??= {})[circuit.endpoint] = told(circuit);
    return this.indicators.check('circuits').up(shown);
  }
}

function told({ state, reason, failures, nextTrialAt }: CircuitState): object {
  return {
    state,
    ...(reason === null ? {} : { reason, failures }),
    ...(nextTrialAt === null ? {} : { next_trial_at: new Date(nextTrialAt).toISOString() }),
  };
}
