import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useId } from 'react';
import { useServices } from '../services.ts';
import { strings } from '../strings.ts';
import type { PageSession } from './page-session.ts';

/** Whom the page acts as when an application has signed the person in: said, and not to be chosen. */
export function SignedInPanel({ session: { owner } }: { session: PageSession }) {
  const headingId = useId();
  const { visit, loads, queries } = useServices();
  const leave = (): void => {
    void visit.signOut();
    // Nothing of theirs stays for whoever sits down here next.
    loads.closeAll();
    queries.clear();
  };
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={headingId} data-testid="signed-in-panel">
      <Group justify="space-between" gap="sm">
        <Stack gap="xs">
          <Title order={2} size="h4" id={headingId}>
            {strings.owner.heading}
          </Title>
          <Text className="breakable">
            <Text span fw={600} data-testid="signed-in-user">
              {owner.userId}
            </Text>{' '}
            {strings.session.inOrganisation}{' '}
            <Text span fw={600} data-testid="signed-in-org">
              {owner.orgId}
            </Text>
          </Text>
          <Text size="sm" c="dimmed">
            {strings.session.explanation}
          </Text>
        </Stack>
        <Button variant="default" onClick={leave} data-testid="sign-out">
          {strings.session.signOut}
        </Button>
      </Group>
    </Paper>
  );
}
