import { Anchor, Container, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Returned } from './connect/returned.ts';
import { ReturnedNotice } from './connect/returned-notice.tsx';
import { IntegrationsSection } from './integrations/integrations-section.tsx';
import { ItemsSection } from './items/items-section.tsx';
import { OwnerPanel } from './owner/owner-panel.tsx';
import { keepOwner, readOwner, type Owner } from './owner/owner.ts';
import { useServices } from './services.ts';
import { strings } from './strings.ts';

export function App({ returned }: { returned: Returned | null }) {
  const { loads } = useServices();
  const [owner, setOwner] = useState(() => readOwner(window.localStorage));
  const choose = (chosen: Owner): void => {
    keepOwner(window.localStorage, chosen);
    loads.closeAll();
    setOwner(chosen);
  };
  return (
    <Container size="lg" py="lg">
      <Stack gap="xl">
        <PageHeader />
        <Stack component="main" gap="xl">
          {returned && <ReturnedNotice returned={returned} />}
          <OwnerPanel owner={owner} onChoose={choose} />
          <IntegrationsSection owner={owner} />
          <ItemsSection owner={owner} />
        </Stack>
      </Stack>
    </Container>
  );
}

function PageHeader() {
  return (
    <Group component="header" justify="space-between" align="baseline">
      <Group gap="sm" align="baseline">
        <Title order={1}>{strings.productName}</Title>
        <Text c="dimmed">{strings.tagline}</Text>
      </Group>
      <Anchor href="/docs" underline="always">
        {strings.apiDocs}
      </Anchor>
    </Group>
  );
}
