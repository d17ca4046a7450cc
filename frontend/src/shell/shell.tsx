import { Anchor, Container, Group, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { PAGES } from './pages.ts';

/** What stands around every page: the name, and the ways to the others. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <Container size="lg" py="lg">
      <Stack gap="xl">
        <ShellHeader />
        <Stack component="main" gap="xl">
          {children}
        </Stack>
      </Stack>
    </Container>
  );
}

function ShellHeader() {
  const { visit } = useServices();
  const mayOperate = useObservable(visit.permissions).includes('operations:read');
  return (
    <Group component="header" justify="space-between" align="baseline">
      <Group gap="sm" align="baseline">
        <Title order={1}>{strings.page.productName}</Title>
        <Text c="dimmed">{strings.page.tagline}</Text>
      </Group>
      <Group component="nav" gap="md" aria-label={strings.page.nav}>
        <PageLink href={PAGES.connect} name={strings.page.connectPage} />
        <PageLink href={PAGES.explore} name={strings.page.explorePage} />
        {mayOperate && <PageLink href={PAGES.status} name={strings.page.statusPage} />}
        <Anchor href="/docs" underline="always">
          {strings.page.apiDocs}
        </Anchor>
      </Group>
    </Group>
  );
}

function PageLink({ href, name }: { href: string; name: string }) {
  const [location] = useLocation();
  const isHere = location === href;
  return (
    <Anchor
      component={Link}
      href={href}
      underline="always"
      fw={isHere ? 700 : 400}
      aria-current={isHere ? 'page' : undefined}
    >
      {name}
    </Anchor>
  );
}
