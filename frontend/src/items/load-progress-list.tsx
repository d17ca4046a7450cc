import { Group, Progress, Text } from '@mantine/core';
import { strings } from '../strings.ts';
import { writeCount } from '../strings/counts.ts';
import { isRunning, type ItemLoad, type TypeProgress } from './item-load.ts';

type State = keyof typeof strings.load.typeState;

const COLORS: Record<State, string> = {
  done: 'teal',
  failed: 'red',
  loading: 'indigo',
  waiting: 'yellow',
  stopped: 'gray',
};

/** How far each item type is. */
export function LoadProgressList({ load }: { load: ItemLoad }) {
  if (load.types.length === 0) return null;
  return (
    <ul className="items-types" aria-label={strings.load.progress}>
      {load.types.map((type) => (
        <TypeRow key={type.itemType} type={type} state={stateOf(load, type)} />
      ))}
    </ul>
  );
}

function TypeRow({ type, state }: { type: TypeProgress; state: State }) {
  const { itemType, loaded, total, waits } = type;
  const isOpen = state === 'loading' || state === 'waiting';
  const known = total !== null && total > 0 && isOpen;
  const part = known ? Math.min(100, (100 * loaded) / total) : 100;
  return (
    <li data-testid="type-progress" data-type={itemType} data-state={state} data-loaded={loaded}>
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Text size="sm" fw={600} className="breakable">
          {itemType}
        </Text>
        <Text size="xs">{strings.load.typeState[state]}</Text>
      </Group>
      {/* The words around it say the same. */}
      <div aria-hidden="true">
        <Progress value={part} color={COLORS[state]} size="sm" striped={isOpen && !known} animated={isOpen && !known} />
      </div>
      <Text size="xs">
        {known ? strings.load.ofTotal(loaded, total) : writeCount(loaded)}
        {waits > 0 && ` · ${strings.load.waited(waits)}`}
      </Text>
    </li>
  );
}

function stateOf(load: ItemLoad, { itemType, waitingUntilMs, done }: TypeProgress): State {
  if (load.failures.some((failure) => failure.item_type === itemType)) return 'failed';
  if (done) return 'done';
  if (!isRunning(load)) return load.phase.name === 'done' && load.earlier === null ? 'done' : 'stopped';
  return waitingUntilMs === null && load.phase.name === 'loading' ? 'loading' : 'waiting';
}
