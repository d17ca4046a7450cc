import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';

export const ENDPOINT_STATES = ['closed', 'half-open', 'open'] as const;
const AILMENTS = ['unreachable', 'timeout', 'broken_answer', 'server_error', null] as const;

const countOf = (description: string): ApiPropertyOptions => ({
  type: 'array',
  items: { type: 'integer' },
  description: `${description} A count for each interval.`,
  example: [0, 14],
});
const peakOf = (description: string, example: number[] = [0, 2]): ApiPropertyOptions => ({
  type: 'array',
  items: { type: 'number' },
  description: `${description} The highest of each interval.`,
  example,
});
const quantileOf = (description: string): ApiPropertyOptions => ({
  type: 'array',
  items: { type: 'number', nullable: true },
  description: `Seconds for each interval, to within 19 %: ${description}. Null: there was nothing.`,
  example: [null, 0.0379],
});
const lately = (description: string, example = 0.0379): ApiPropertyOptions => ({
  type: Number,
  nullable: true,
  description,
  example,
});

/** How often something happened lately, and how long it took. */
export class LatelyResponse {
  @ApiProperty(lately('How many a second. Null in the first seconds of the process.', 12.4))
  per_second!: number | null;
  @ApiProperty(lately('Seconds that half of them didn’t take longer than; null when there were none.'))
  p50_in!: number | null;
  @ApiProperty(lately('Seconds that 95 of 100 didn’t take longer than.', 0.107))
  p95_in!: number | null;
  @ApiProperty({ type: 'integer', description: 'How many of them failed.', example: 0 }) failed!: number;
}

export class ProcessStatusResponse {
  @ApiProperty({ description: 'Made up at its start: tells replicas apart.', example: 'prc_5f0c1b9e2a7d' }) id!: string;
  @ApiProperty({ format: 'date-time' }) started_at!: string;
  @ApiProperty({ enum: ['ok', 'lagging'] }) event_loop!: 'ok' | 'lagging';
  @ApiProperty({ enum: ['ok', 'nearly_full'] }) heap!: 'ok' | 'nearly_full';
  @ApiProperty({ type: 'integer', example: 536_870_912 }) heap_limit_bytes!: number;
  @ApiProperty(peakOf('How late the event loop was, in seconds.', [0.002, 0.011])) event_loop_delay_in!: number[];
  @ApiProperty(peakOf('Heap in use.', [48_000_000, 51_200_000])) heap_used_bytes!: number[];
  @ApiProperty(peakOf('Streams of items being written.')) open_streams!: number[];
}

/** Which stretches of time the numbers of every list are for. */
export class TimelineResponse {
  @ApiProperty({ format: 'date-time', description: 'When the first interval began: the start of the process.' })
  first_at!: string;
  @ApiProperty({ description: 'Seconds of an interval. Doubles when there would be more than 240.', example: 2 })
  interval_in!: number;
  @ApiProperty({ description: 'Seconds of the last one: less while it lasts.', example: 2 }) last_interval_in!: number;
  @ApiProperty({ type: 'integer', description: 'How many: as many as each list has numbers.', example: 2 })
  intervals!: number;
  @ApiProperty({ description: 'Seconds that “lately” means: 60, or less in the first minute.', example: 60 })
  lately_in!: number;
}

export class AnswersResponse {
  @ApiProperty(countOf('Below 400.')) served!: number[];
  @ApiProperty(countOf('From 400, but 429.')) refused!: number[];
  @ApiProperty(countOf('429: our own limits.')) rate_limited!: number[];
  @ApiProperty(countOf('From 500.')) failed!: number[];
  @ApiProperty(countOf('The caller hung up, or did not read.')) aborted!: number[];
  @ApiProperty(countOf('503 before any work was done: too much at once, or shutting down.')) shed!: number[];
}

/** Without probes and without this route. A stream counts when it is over, with all the time it took. */
export class RequestsStatusResponse {
  @ApiProperty({ type: LatelyResponse }) lately!: LatelyResponse;
  @ApiProperty({ type: 'integer', example: 3 }) in_flight!: number;
  @ApiProperty({ type: 'integer', description: 'How many may be served at a time now.', example: 500 }) limit!: number;
  @ApiProperty({ description: 'Whether this process counts rate limits by itself: the store is away.', example: false })
  rate_limits_alone!: boolean;
  @ApiProperty({ type: AnswersResponse }) answers!: AnswersResponse;
  @ApiProperty(quantileOf('what half of them didn’t take longer than')) p50_in!: (number | null)[];
  @ApiProperty(quantileOf('what 95 of 100 didn’t take longer than')) p95_in!: (number | null)[];
}

export class CircuitStatusResponse {
  @ApiProperty({ enum: ['api', 'token'] }) endpoint!: 'api' | 'token';
  @ApiProperty({ enum: ENDPOINT_STATES }) state!: (typeof ENDPOINT_STATES)[number];
  @ApiProperty({ enum: AILMENTS, nullable: true, description: 'How the provider failed last.', example: null })
  reason!: (typeof AILMENTS)[number];
  @ApiProperty({ type: 'integer', description: 'In a row.', example: 0 }) failures!: number;
  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Null unless open.', example: null })
  next_trial_at!: string | null;
  @ApiProperty({ type: 'integer', description: 'Calls it has kept back since the start.', example: 0 })
  refused!: number;
  @ApiProperty({
    type: 'array',
    items: { type: 'integer' },
    description: 'The worst of each interval: 0 closed, 1 half-open, 2 open.',
    example: [0, 0],
  })
  states!: number[];
}

export class PacingResponse {
  @ApiProperty({ type: 'integer', description: 'Calls that wait for their turn now.', example: 0 })
  waiting_now!: number;
  @ApiProperty(peakOf('Calls that waited for their turn.')) waiting!: number[];
  @ApiProperty(countOf('Calls that got their turn.')) admitted!: number[];
  @ApiProperty(countOf('Calls that had to wait for it.')) waited!: number[];
  @ApiProperty(countOf('Calls whose turn could not come in time.')) refused!: number[];
  @ApiProperty(countOf('How often the provider asked to be left alone.')) held!: number[];
}

export class RefreshesResponse {
  @ApiProperty(countOf('Brought a new token.')) renewed!: number[];
  @ApiProperty(countOf('The provider will never take the refresh token again.')) dead!: number[];
  @ApiProperty(countOf('It was used by somebody else a moment ago.')) elsewhere!: number[];
  @ApiProperty(countOf('The provider doesn’t accept our client.')) misconfigured!: number[];
  @ApiProperty(countOf('The provider didn’t act on it, and may later.')) not_done!: number[];
  @ApiProperty(countOf('The answer was lost.')) unknown!: number[];
}

export class ProviderStatusResponse {
  @ApiProperty({ example: 'airtable' }) integration!: string;
  @ApiProperty({ type: LatelyResponse }) lately!: LatelyResponse;
  @ApiProperty({ type: [CircuitStatusResponse] }) circuits!: CircuitStatusResponse[];
  @ApiProperty(countOf('Attempts at the provider.')) attempts!: number[];
  @ApiProperty(countOf('Those without an answer, or with 429 or one from 500.')) failures!: number[];
  @ApiProperty(countOf('Attempts that were followed by another.')) retries!: number[];
  @ApiProperty(quantileOf('what half of the attempts didn’t take longer than')) p50_in!: (number | null)[];
  @ApiProperty(quantileOf('what 95 of 100 didn’t take longer than')) p95_in!: (number | null)[];
  @ApiProperty({ type: PacingResponse }) pacing!: PacingResponse;
  @ApiProperty({ type: RefreshesResponse }) refreshes!: RefreshesResponse;
}

export class StoreStatusResponse {
  @ApiProperty({ description: 'Whether it can be trusted to keep what it is given.' }) safe!: boolean;
  @ApiProperty({
    description: 'Whether this process paces calls to providers by itself: the store is away.',
    example: false,
  })
  pacing_alone!: boolean;
  @ApiProperty({ type: LatelyResponse }) lately!: LatelyResponse;
  @ApiProperty(countOf('Operations.')) operations!: number[];
  @ApiProperty(countOf('Those that found it away.')) unavailable!: number[];
  @ApiProperty(quantileOf('what half of them didn’t take longer than')) p50_in!: (number | null)[];
  @ApiProperty(quantileOf('what 95 of 100 didn’t take longer than')) p95_in!: (number | null)[];
}

/** Of the one process that answers. */
export class StatusResponse {
  @ApiProperty({ format: 'date-time' }) as_of!: string;
  @ApiProperty({ type: ProcessStatusResponse }) process!: ProcessStatusResponse;
  @ApiProperty({ type: TimelineResponse }) timeline!: TimelineResponse;
  @ApiProperty({ type: RequestsStatusResponse }) requests!: RequestsStatusResponse;
  @ApiProperty({ type: [ProviderStatusResponse] }) providers!: ProviderStatusResponse[];
  @ApiProperty({ type: StoreStatusResponse }) store!: StoreStatusResponse;
}
