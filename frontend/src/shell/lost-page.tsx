import { Anchor, Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { strings } from '../strings.ts';
import { PAGES } from './pages.ts';

export function LostPage() {
  return (
    <Stack gap="sm" align="flex-start" data-testid="lost-page">
      <Text>{strings.page.lostHint}</Text>
      <Anchor component={Link} href={PAGES.connect} underline="always">
        {strings.page.toStart}
      </Anchor>
    </Stack>
  );
}
