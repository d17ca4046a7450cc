import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import type { ProviderStatus } from '../api/types.ts';
import { IntegrationMark } from '../integrations/integration-mark.tsx';
import { strings } from '../strings.ts';
import { ChartOrNone } from './chart-card.tsx';
import type { Intervals } from './chart/series.ts';
import { CircuitLine } from './circuit-line.tsx';
import { callsChart, providerCharts } from './overview-charts.ts';
import { writeDuration, writeRate, writeWhole } from './writing.ts';

interface ProviderCardProps {
  provider: ProviderStatus;
  name: string;
  intervals: Intervals;
  /** How far the service's clock is ahead of this computer's. */
  aheadMs: number;
}

const words = strings.status;

export function ProviderCard({ provider, name, intervals, aheadMs }: ProviderCardProps) {
  const headingId = useId();
  const { integration, circuits } = provider;
  // The API first: it is what people notice.
  const inOrder = [...circuits].sort((one, other) => one.endpoint.localeCompare(other.endpoint));
  return (
    <Paper component="article" withBorder p="md" aria-labelledby={headingId} data-testid={`provider-${integration}`}>
      <Stack gap="sm">
        <Group gap="sm" wrap="nowrap">
          <IntegrationMark integration={integration} displayName={name} />
          <Title order={3} size="h5" id={headingId}>
            {name}
          </Title>
        </Group>
        <ul className="circuits">
          {inOrder.map((circuit) => (
            <CircuitLine key={circuit.endpoint} circuit={circuit} intervals={intervals} aheadMs={aheadMs} />
          ))}
        </ul>
        <Lately provider={provider} />
        <ChartOrNone level={4} chart={callsChart(name, provider, intervals)} />
        <More provider={provider} name={name} intervals={intervals} />
      </Stack>
    </Paper>
  );
}

function Lately({ provider: { lately, pacing } }: Pick<ProviderCardProps, 'provider'>) {
  const { none } = words.chart;
  const facts = [
    [words.lately.rate, lately.per_second === null ? none : writeRate(lately.per_second)],
    [words.lately.failed, writeWhole(lately.failed)],
    [words.lately.tail, lately.p95_in === null ? none : writeDuration(lately.p95_in)],
    [words.lately.waiting, writeWhole(pacing.waiting_now)],
  ] as const;
  return (
    <dl className="facts">
      {facts.map(([term, value]) => (
        <div key={term}>
          <Text component="dt" size="xs" c="dimmed">
            {term}
          </Text>
          <Text component="dd" fw={600}>
            {value}
          </Text>
        </div>
      ))}
    </dl>
  );
}

/** Drawn only when somebody looks. */
function More({ provider, name, intervals }: Omit<ProviderCardProps, 'aheadMs'>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      className="disclosure"
      onToggle={(event) => event.target === event.currentTarget && setOpen(event.currentTarget.open)}
    >
      <summary className="chart-more" aria-label={words.moreLabel(name)}>
        {words.more}
      </summary>
      {isOpen && (
        <Stack gap="lg" pt="sm">
          {providerCharts(name, provider, intervals).map((chart) => (
            <ChartOrNone key={chart.title} level={4} chart={chart} />
          ))}
        </Stack>
      )}
    </details>
  );
}
