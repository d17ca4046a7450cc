import { Controller, Get, Header, Inject, Req } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '../callers/access.ts';
import { isScraper, METRICS_PATH } from '../callers/scraper.ts';
import { AppConfig } from '../config/app-config.ts';
import { ApiErrors } from '../errors/api-errors.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { Metrics } from './metrics.ts';

const TEXT = 'text/plain; version=0.0.4; charset=utf-8';

@ApiTags('Operations')
@Controller(METRICS_PATH)
export class MetricsController {
  constructor(
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(AppConfig) private readonly config: AppConfig,
  ) {}

  @Get()
  @Public('Prometheus signs nothing: a bearer token where METRICS_TOKEN is set')
  @Header('Cache-Control', 'no-store')
  @Header('Content-Type', TEXT)
  @ApiOperation({
    summary: 'Numbers for Prometheus, in its text format',
    description: 'There only where it is turned on (`METRICS`); with `METRICS_TOKEN` for whoever brings that token.',
  })
  @ApiHeader({ name: 'Authorization', required: false, description: '`Bearer` and the METRICS_TOKEN.' })
  @ApiOkResponse({
    content: { 'text/plain': { schema: { type: 'string' }, example: 'patchbay_requests_in_flight 3\n' } },
  })
  @ApiErrors('not_found')
  read(@Req() request: Request): Promise<string> {
    const { enabled, token } = this.config.metrics;
    if (!enabled) throw new PatchbayError('not_found', 'Metrics are not turned on here.');
    if (token !== undefined && !isScraper(request, token)) {
      throw new PatchbayError('forbidden', 'This needs the METRICS_TOKEN, as a bearer token.');
    }
    return this.metrics.registry.metrics();
  }
}
