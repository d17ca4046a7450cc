import { Group, Loader, Text } from '@mantine/core';
import { strings } from '../strings.ts';

/** While a page's own code is on its way. */
export function Opening({ text = strings.page.arriving }: { text?: string }) {
  return (
    <Group gap="sm" role="status" data-testid="arriving">
      <Loader size="sm" aria-hidden="true" />
      <Text>{text}</Text>
    </Group>
  );
}
