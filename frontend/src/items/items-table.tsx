import { Anchor, Button, Group, Table, Text, VisuallyHidden } from '@mantine/core';
import { memo, useState } from 'react';
import { isHttpUrl } from '../api/client.ts';
import type { IntegrationItem } from '../api/types.ts';
import { strings } from '../strings.ts';
import { MomentText } from '../time/moment-text.tsx';
import { timeZone } from '../time/moment.ts';

interface ItemsTableProps {
  items: readonly IntegrationItem[];
  count: number;
  account: string;
}

const ROWS_AT_A_TIME = 200;

/** The first rows of a load; more on demand, so that a huge account doesn't become a huge document. */
export function ItemsTable({ items, count, account }: ItemsTableProps) {
  const [limit, setLimit] = useState(ROWS_AT_A_TIME);
  if (count === 0) return null;
  const shown = Math.min(limit, count);
  return (
    <>
      <div className="items-scroll" role="region" aria-label={strings.load.table(account)} tabIndex={0}>
        <Table data-testid="items-table" verticalSpacing="xs" captionSide="bottom">
          <Table.Caption>{strings.load.zone(timeZone)}</Table.Caption>
          <TableHead />
          <TableRows items={items} shown={shown} />
        </Table>
      </div>
      <Group gap="sm">
        <Text size="sm" data-testid="items-shown" data-shown={shown}>
          {strings.load.shown(shown, count)}
        </Text>
        {count > limit && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => setLimit(limit + ROWS_AT_A_TIME)}
            data-testid="items-more"
          >
            {strings.load.more(Math.min(ROWS_AT_A_TIME, count - limit))}
          </Button>
        )}
      </Group>
    </>
  );
}

function TableHead() {
  return (
    <Table.Thead>
      <Table.Tr>
        {Object.entries(strings.load.columns).map(([column, title]) => (
          <Table.Th key={column} scope="col">
            {title}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

/** Rendered anew only when another row is shown, not with every page that arrives. */
const TableRows = memo(function TableRows({ items, shown }: { items: readonly IntegrationItem[]; shown: number }) {
  return (
    <Table.Tbody>
      {items.slice(0, shown).map((item, row) => (
        // The row is the key: nothing is ever inserted or reordered, and an id that came twice must not hide a row.
        <ItemRow key={row} item={item} />
      ))}
    </Table.Tbody>
  );
});

const ItemRow = memo(function ItemRow({ item }: { item: IntegrationItem }) {
  return (
    <Table.Tr data-testid="item" data-item-id={item.id}>
      <Table.Td>
        <ItemName item={item} />
      </Table.Td>
      <Table.Td>{item.type}</Table.Td>
      <Table.Td className="breakable">{item.parent_path_or_name ?? strings.load.absent}</Table.Td>
      <Table.Td>
        <MomentText time={item.creation_time} />
      </Table.Td>
      <Table.Td>
        <MomentText time={item.last_modified_time} />
      </Table.Td>
      <Table.Td>{item.visibility ? strings.load.visible : strings.load.hidden}</Table.Td>
    </Table.Tr>
  );
});

function ItemName({ item }: { item: IntegrationItem }) {
  const name = item.name?.trim() ? item.name : strings.load.unnamed;
  if (!isHttpUrl(item.url)) return <>{name}</>;
  return (
    <Anchor href={item.url} target="_blank" rel="noopener noreferrer" underline="always" size="sm">
      {name}
      <VisuallyHidden> {strings.load.opensNewTab}</VisuallyHidden>
    </Anchor>
  );
}
