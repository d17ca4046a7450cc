import { Code, Group, Stack, Text } from '@mantine/core';
import type { Integration } from '../api/types.ts';
import { strings } from '../strings.ts';

/** What an integration can load and which scopes it asks for, folded away. */
export function IntegrationDetails({ integration }: { integration: Integration }) {
  return (
    <details className="disclosure small" data-testid="details">
      <summary>{strings.integrations.details}</summary>
      <Stack gap="xs" mt="xs">
        <CodeList title={strings.integrations.itemTypes} codes={integration.item_types} />
        <CodeList title={strings.integrations.scopes} codes={integration.scopes} />
      </Stack>
    </details>
  );
}

export function CodeList({ title, codes }: { title: string; codes: string[] }) {
  return (
    <Group gap="xs" className="breakable">
      <Text size="sm" span>
        {title}:
      </Text>
      {codes.length === 0 && (
        <Text size="sm" span c="dimmed">
          {strings.integrations.nothingListed}
        </Text>
      )}
      {codes.map((code) => (
        <Code key={code}>{code}</Code>
      ))}
    </Group>
  );
}
