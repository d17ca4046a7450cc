import { Anchor, Container, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import type { Returned } from './connect/returned.ts';
import { ReturnedNotice } from './connect/returned-notice.tsx';
import { IntegrationsSection } from './integrations/integrations-section.tsx';
import { ItemsSection } from './items/items-section.tsx';
import { OwnerPanel } from './owner/owner-panel.tsx';
import { keepOwner, readOwner, type Owner } from './owner/owner.ts';
import { useServices } from './services.ts';
import { SessionNotice } from './session/session-notice.tsx';
import { SignedInPanel } from './session/signed-in-panel.tsx';
import { useObservable } from './state/use-observable.ts';
import { strings } from './strings.ts';

export function App({ returned }: { returned: Returned | null }) {
  return (
    <Container size="lg" py="lg">
      <Stack gap="xl">
        <PageHeader />
        <Stack component="main" gap="xl">
          {returned && <ReturnedNotice returned={returned} />}
          <Content />
        </Stack>
      </Stack>
    </Container>
  );
}

/** What there is to do depends on who one is. */
function Content() {
  const { visit } = useServices();
  const standing = useObservable(visit.standing);
  switch (standing.name) {
    case 'arriving':
      return <Arriving />;
    case 'choosing':
      return <DemoContent />;
    case 'signed_in':
      return (
        <>
          <SignedInPanel session={standing.session} />
          <OwnerContent owner={standing.session.owner} />
        </>
      );
    case 'out':
      return (
        <>
          <SessionNotice out={standing} />
          {standing.owner && <ItemsSection owner={standing.owner} />}
        </>
      );
  }
}

function DemoContent() {
  const { loads } = useServices();
  const [owner, setOwner] = useState(() => readOwner(window.localStorage));
  const choose = (chosen: Owner): void => {
    keepOwner(window.localStorage, chosen);
    loads.closeAll();
    setOwner(chosen);
  };
  return (
    <>
      <OwnerPanel owner={owner} onChoose={choose} />
      <OwnerContent owner={owner} />
    </>
  );
}

function OwnerContent({ owner }: { owner: Owner }) {
  return (
    <>
      <IntegrationsSection owner={owner} />
      <ItemsSection owner={owner} />
    </>
  );
}

function Arriving() {
  return (
    <Group gap="sm" role="status" data-testid="arriving">
      <Loader size="sm" aria-hidden="true" />
      <Text>{strings.session.arriving}</Text>
    </Group>
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
