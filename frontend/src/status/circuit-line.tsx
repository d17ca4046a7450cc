import { Badge, Group, Text } from '@mantine/core';
import type { CircuitStatus } from '../api/types.ts';
import { strings } from '../strings.ts';
import { CircuitStrip } from './chart/circuit-strip.tsx';
import type { Intervals } from './chart/series.ts';
import { useNow } from './use-now.ts';
import { writeDuration } from './writing.ts';

interface CircuitLineProps {
  circuit: CircuitStatus;
  intervals: Intervals;
  aheadMs: number;
}

const words = strings.status;
const COLORS: Record<CircuitStatus['state'], string> = { closed: 'green', 'half-open': 'yellow', open: 'red' };

/** One endpoint's circuit: how it stands, why, when it is tried again, and how it has been. */
export function CircuitLine({ circuit, intervals, aheadMs }: CircuitLineProps) {
  const { endpoint, state, reason, failures, refused, states } = circuit;
  const name = words.endpoint[endpoint];
  const details = [
    ...(reason === null ? [] : [words.reason[reason], words.failures(failures)]),
    ...(refused === 0 ? [] : [words.refused(refused)]),
  ];
  return (
    <li data-testid={`circuit-${endpoint}`} data-state={state}>
      <Group gap="xs" wrap="nowrap" justify="space-between">
        <Text size="sm">{name}</Text>
        <Badge color={COLORS[state]} variant="light" tt="none">
          {words.state[state]}
        </Badge>
      </Group>
      <CircuitStrip name={name} states={states} intervals={intervals} />
      {details.length > 0 && (
        <Text size="xs" c="dimmed">
          {details.join(', ')}
        </Text>
      )}
      {circuit.next_trial_at !== null && <NextTrial at={circuit.next_trial_at} aheadMs={aheadMs} />}
    </li>
  );
}

function NextTrial({ at, aheadMs }: { at: string; aheadMs: number }) {
  const now = useNow();
  const seconds = Math.ceil((Date.parse(at) - now - aheadMs) / 1000);
  return (
    <Text size="xs" fw={600} data-testid="next-trial">
      {seconds > 0 ? words.trialIn(writeDuration(seconds)) : words.trialDue}
    </Text>
  );
}
