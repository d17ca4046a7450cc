import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { timeZone } from '../time/moment.ts';
import { browserSlices } from './breathe.ts';
import type { ItemLoad } from './item-load.ts';
import { ItemDetails } from './item-details.tsx';
import { ItemView } from './item-view.ts';
import { ItemsGrid } from './items-grid.tsx';
import { ItemsToolbar } from './items-toolbar.tsx';

interface ItemsExplorerProps {
  load: ItemLoad;
  account: string;
  displayName: string;
}

/** What was loaded, to look through: filter, order, table or tree, details, and the way out as a file. */
export function ItemsExplorer({ load, account, displayName }: ItemsExplorerProps) {
  const { collection, count, revision } = load;
  const view = useMemo(() => new ItemView(collection, browserSlices), [collection]);
  useEffect(() => view.refresh(), [view, count, revision]);
  const look = useObservable(view.look);
  const rows = useObservable(view.rows);
  const shown = useDeferredValue(rows);
  const [detailed, setDetailed] = useState<number | null>(null);
  const zoneAndKeys = `${look.shape === 'tree' ? strings.load.keysTree : strings.load.keys} ${strings.load.zone(timeZone())}`;
  return (
    <Stack gap="sm">
      <ItemsToolbar view={view} look={look} rows={shown} load={load} />
      {shown.matching.length === 0 && (look.text !== '' || look.types.length > 0) && <NoMatch view={view} />}
      <ItemsGrid
        key={shown.shape}
        view={view}
        rows={shown}
        sorting={look.sorting}
        account={account}
        onOpen={setDetailed}
      />
      <Group gap="xs">
        <Text size="xs">{zoneAndKeys}</Text>
      </Group>
      <ItemDetails
        item={detailed === null || detailed >= collection.count ? null : collection.at(detailed)}
        displayName={displayName}
        onClose={() => setDetailed(null)}
      />
    </Stack>
  );
}

function NoMatch({ view }: { view: ItemView }) {
  return (
    <Alert color="gray" data-testid="no-match">
      <Group gap="sm">
        <Text size="sm">{strings.load.noMatch}</Text>
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => view.change({ text: '', types: [] })}
          data-testid="clear-filter"
        >
          {strings.load.clearFilter}
        </Button>
      </Group>
    </Alert>
  );
}
