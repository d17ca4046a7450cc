import { Anchor, Button, CopyButton, Drawer, Group, Stack, VisuallyHidden } from '@mantine/core';
import { isHttpUrl } from '../api/client.ts';
import type { IntegrationItem } from '../api/types.ts';
import { strings } from '../strings.ts';
import { MomentText } from '../time/moment-text.tsx';
import { nameOf } from './item-name.ts';

interface ItemDetailsProps {
  /** Null: closed. */
  item: IntegrationItem | null;
  displayName: string;
  onClose: () => void;
}

/** All there is to know of one item. The focus goes back to the rows when it closes. */
export function ItemDetails({ item, displayName, onClose }: ItemDetailsProps) {
  return (
    <Drawer.Root opened={item !== null} onClose={onClose} position="right" transitionProps={{ duration: 0 }}>
      <Drawer.Overlay />
      <Drawer.Content>
        <Drawer.Body pt="md">
          {item && (
            <Stack gap="md" data-testid="item-details" data-item-id={item.id}>
              <Group justify="space-between" align="flex-start" wrap="nowrap">
                <Drawer.Title fw={700} className="breakable">
                  {nameOf(item)}
                </Drawer.Title>
                <Drawer.CloseButton aria-label={strings.load.closeDetails} />
              </Group>
              <DetailActions item={item} displayName={displayName} />
              <dl className="items-fields">
                {FIELDS.map((field) => (
                  <Field key={field} field={field} item={item} />
                ))}
              </dl>
            </Stack>
          )}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  );
}

function DetailActions({ item, displayName }: { item: IntegrationItem; displayName: string }) {
  return (
    <Group gap="sm">
      <CopyButton value={item.id}>
        {({ copied, copy }) => (
          <Button size="xs" variant="default" onClick={copy} data-testid="copy-id">
            {copied ? strings.load.copied : strings.load.copyId}
          </Button>
        )}
      </CopyButton>
      {isHttpUrl(item.url) && (
        <Anchor
          href={item.url}
          target="_blank"
          rel="noopener noreferrer"
          underline="always"
          size="sm"
          data-testid="item-link"
        >
          {strings.load.openAt(displayName)}
          <VisuallyHidden> {strings.load.opensNewTab}</VisuallyHidden>
        </Anchor>
      )}
    </Group>
  );
}

type FieldName = keyof typeof strings.load.fields;

const FIELDS = Object.keys(strings.load.fields) as FieldName[];

function Field({ field, item }: { field: FieldName; item: IntegrationItem }) {
  return (
    <>
      <dt>{strings.load.fields[field]}</dt>
      <dd>
        <FieldValue field={field} item={item} />
      </dd>
    </>
  );
}

function FieldValue({ field, item }: { field: FieldName; item: IntegrationItem }) {
  switch (field) {
    case 'creation_time':
    case 'last_modified_time':
      return <MomentText time={item[field]} />;
    case 'visibility':
      return item.visibility ? strings.load.visible : strings.load.hidden;
    case 'directory':
      return item.directory ? strings.load.yes : strings.load.no;
    case 'children':
      return item.children === null ? strings.load.absent : item.children.join(', ') || strings.load.absent;
    default:
      return item[field] ?? strings.load.absent;
  }
}
