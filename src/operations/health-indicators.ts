import { Inject, Injectable } from '@nestjs/common';
import { HealthIndicatorService } from '@nestjs/terminus';
import { CircuitBreakers } from '../outbound/circuit-breakers.ts';
import type { CircuitState } from '../outbound/circuit.ts';
import { LoopWatch } from '../process/loop-watch.ts';
import { RequestGate } from '../process/request-gate.ts';
import { StoreProbe } from './store-probe.ts';

const BYTES_IN_A_MB = 1024 * 1024;

/** What the health is made of, each in terminus' form. */
@Injectable()
export class HealthIndicators {
  constructor(
    @Inject(HealthIndicatorService) private readonly indicators: HealthIndicatorService,
    @Inject(StoreProbe) private readonly probe: StoreProbe,
    @Inject(RequestGate) private readonly gate: RequestGate,
    @Inject(CircuitBreakers) private readonly breakers: CircuitBreakers,
    @Inject(LoopWatch) private readonly watch: LoopWatch,
  ) {}

  async store() {
    const indicator = this.indicators.check('store');
    try {
      await this.probe.write();
      // Whoever asks may be anybody: which setting it is stands in the log, and in what the doctor says.
      return this.probe.isSafe ? indicator.up() : indicator.up({ message: 'the store may lose what it is given' });
    } catch {
      return indicator.down({ message: 'the store keeps nothing' });
    }
  }

  accepting() {
    const indicator = this.indicators.check('accepting');
    return this.gate.isDraining ? indicator.down({ message: 'shutting down' }) : indicator.up();
  }

  /** Always up: a provider that is down is no failure of ours, and restarting us wouldn't mend it. */
  circuits() {
    const shown: Record<string, Partial<Record<CircuitState['endpoint'], object>>> = {};
    for (const circuit of this.breakers.states()) (shown[circuit.integration] ??= {})[circuit.endpoint] = told(circuit);
    return this.indicators.check('circuits').up(shown);
  }

  /** Always up: a process that has much to do must not be taken out of service or restarted for it. */
  process() {
    const { loop, heap } = this.watch;
    return this.indicators.check('process').up({
      event_loop: {
        state: loop.isLagging ? 'lagging' : 'ok',
        mean_delay_ms: Math.round(loop.meanDelayMs),
        max_delay_ms: Math.round(loop.maxDelayMs),
      },
      heap: {
        state: heap.isNearlyFull ? 'nearly_full' : 'ok',
        used_mb: Math.round(heap.usedBytes / BYTES_IN_A_MB),
        limit_mb: Math.round(heap.limitBytes / BYTES_IN_A_MB),
      },
      requests: { in_flight: this.gate.inFlight, waiting: this.gate.waiting, limit: this.gate.limit },
    });
  }
}

function told({ state, reason, failures, nextTrialAt }: CircuitState): object {
  return {
    state,
    ...(reason === null ? {} : { reason, failures }),
    ...(nextTrialAt === null ? {} : { next_trial_at: new Date(nextTrialAt).toISOString() }),
  };
}
