import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { strings } from '../strings.ts';

interface PageBoundaryState {
  broken: boolean;
}

/**
 * Keeps a page that can't be shown from taking the others along. The usual reason: the service was upgraded while the page
 * stood open, and the code it comes for is no longer there. A reload brings the new one.
 */
export class PageBoundary extends Component<{ children: ReactNode }, PageBoundaryState> {
  override state: PageBoundaryState = { broken: false };

  static getDerivedStateFromError(): PageBoundaryState {
    return { broken: true };
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return (
      <Alert color="red" variant="light" role="alert" title={strings.page.broken} data-testid="page-broken">
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{strings.page.brokenHint}</Text>
          <Button onClick={() => window.location.reload()}>{strings.page.reload}</Button>
        </Stack>
      </Alert>
    );
  }
}
