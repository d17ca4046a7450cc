import { Controller, Get, Header, Inject, Res, ServiceUnavailableException } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import {
  HealthCheck,
  HealthCheckService,
  type HealthCheckResult,
  type HealthIndicatorFunction,
} from '@nestjs/terminus';
import type { Response } from 'express';
import { Public } from '../callers/access.ts';
import { HealthIndicators } from './health-indicators.ts';

@ApiTags('Operations')
@Public('probes know no keys')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(HealthCheckService) private readonly health: HealthCheckService,
    @Inject(HealthIndicators) private readonly indicators: HealthIndicators,
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
  @ApiOperation({ summary: 'Whether it can serve: its store keeps what it is given and it is not shutting down' })
  @HealthCheck()
  ready(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    return this.#checked(response);
  }

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'All of it, the circuit to each provider and the state of the process, for people' })
  @HealthCheck()
  all(@Res({ passthrough: true }) response: Response): Promise<HealthCheckResult> {
    const { indicators } = this;
    return this.#checked(
      response,
      () => indicators.circuits(),
      () => indicators.process(),
    );
  }

  /** A no is an answer here, in terminus' own shape and not in the envelope: probes read it. */
  async #checked(response: Response, ...more: HealthIndicatorFunction[]): Promise<HealthCheckResult> {
    const { indicators } = this;
    try {
      return await this.health.check([() => indicators.store(), () => indicators.accepting(), ...more]);
    } catch (error) {
      if (!(error instanceof ServiceUnavailableException)) throw error;
      response.status(503);
      return error.getResponse() as HealthCheckResult;
    }
  }
}
