import { Checkbox, CloseButton, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { strings } from '../strings.ts';
import { writeCount } from '../strings/counts.ts';
import { ExportMenu } from './export-menu.tsx';
import { isRunning, type ItemLoad } from './item-load.ts';
import type { ItemRows, ItemView, Look } from './item-view.ts';

interface ItemsToolbarProps {
  view: ItemView;
  look: Look;
  rows: ItemRows;
  load: ItemLoad;
}

export function ItemsToolbar({ view, look, rows, load }: ItemsToolbarProps) {
  return (
    <Stack gap="sm">
      <Group gap="md" align="flex-end">
        <TextFilter view={view} look={look} />
        <SegmentedControl
          aria-label={strings.load.shape}
          value={look.shape}
          onChange={(shape) => view.change({ shape: shape === 'tree' ? 'tree' : 'table' })}
          data={[
            { value: 'table', label: strings.load.shapes.table },
            { value: 'tree', label: strings.load.shapes.tree },
          ]}
          data-testid="items-shape"
        />
        <ExportMenu view={view} rows={rows} integration={load.connection.integration} />
        <Text
          size="sm"
          aria-live={isRunning(load) ? 'off' : 'polite'}
          data-testid="items-matching"
          data-matching={rows.matching.length}
        >
          {strings.load.matching(rows.matching.length, load.count)}
        </Text>
      </Group>
      <TypeFilter view={view} look={look} load={load} />
    </Stack>
  );
}

function TextFilter({ view, look }: { view: ItemView; look: Look }) {
  return (
    <TextInput
      label={strings.load.search}
      placeholder={strings.load.searchHint}
      value={look.text}
      onChange={(event) => view.change({ text: event.currentTarget.value })}
      rightSection={
        look.text === '' ? null : (
          <CloseButton size="sm" aria-label={strings.load.clearFilter} onClick={() => view.change({ text: '' })} />
        )
      }
      flex="1 1 14rem"
      maw="24rem"
      data-testid="items-search"
    />
  );
}

/** Counts belong to this moment, so the types are read anew with each batch. */
function TypeFilter({ view, look, load }: { view: ItemView; look: Look; load: ItemLoad }) {
  const types = load.collection.types;
  if (types.length < 2) return null;
  return (
    <Checkbox.Group
      label={strings.load.typeFilter}
      value={[...look.types]}
      onChange={(chosen) => view.change({ types: chosen })}
    >
      <Group gap="md" mt={4}>
        {types.map((type) => (
          <Checkbox
            key={type}
            size="xs"
            value={type}
            label={`${type} (${writeCount(load.collection.countOf(type))})`}
            data-testid={`filter-${type}`}
          />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
