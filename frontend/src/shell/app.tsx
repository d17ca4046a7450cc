import { Group, Loader, Text } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import type { Returned } from '../connect/returned.ts';
import { strings } from '../strings.ts';
import { ConnectPage } from './connect-page.tsx';
import { LostPage } from './lost-page.tsx';
import { PAGES } from './pages.ts';
import { Shell } from './shell.tsx';

// What isn't seen first isn't loaded first.
const ExplorePage = lazy(() => import('../items/explore-page.tsx').then((module) => ({ default: module.ExplorePage })));
const StatusPage = lazy(() => import('../status/status-page.tsx').then((module) => ({ default: module.StatusPage })));

export function App({ returned }: { returned: Returned | null }) {
  return (
    <Shell>
      <Suspense fallback={<Opening />}>
        <Switch>
          <Route path={PAGES.connect}>
            <ConnectPage returned={returned} />
          </Route>
          <Route path={PAGES.explore}>
            <ExplorePage />
          </Route>
          <Route path={PAGES.status}>
            <StatusPage />
          </Route>
          <Route>
            <LostPage />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  );
}

function Opening() {
  return (
    <Group gap="sm" role="status">
      <Loader size="sm" aria-hidden="true" />
      <Text>{strings.page.arriving}</Text>
    </Group>
  );
}
