import { Anchor, Stack, Text, Title } from '@mantine/core';
import { Link } from 'wouter';
import { strings } from '../strings.ts';
import { PAGES } from './pages.ts';

export function LostPage() {
  return (
    <Stack gap="sm" align="flex-start">
      <Title order={2} size="h3">
        {strings.page.lost}
      </Title>
      <Text>{strings.page.lostHint}</Text>
      <Anchor component={Link} href={PAGES.connect} underline="always">
        {strings.page.toStart}
      </Anchor>
    </Stack>
  );
}
