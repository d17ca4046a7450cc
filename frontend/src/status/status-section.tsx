import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { memo, useDeferredValue } from 'react';
import { asFailure } from '../api/api-failure.ts';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { useIntegrations } from '../integrations/use-integrations.ts';
import type { Owner } from '../owner/owner.ts';
import { strings } from '../strings.ts';
import { StatusBoard } from './status-board.tsx';
import { useStatus } from './use-status.ts';
import { writeClock } from './writing.ts';

const words = strings.status;

/** Shown in slices: the charts all at once would hold up a slow phone, every few seconds anew. */
export function StatusSection({ owner }: { owner: Owner }) {
  const status = useDeferredValue(useStatus(owner));
  const integrations = useDeferredValue(useIntegrations(owner));
  return <StatusAnswer answer={status} integrations={integrations.data} />;
}

interface StatusAnswerProps {
  answer: ReturnType<typeof useStatus>;
  integrations: ReturnType<typeof useIntegrations>['data'];
}

/** The status, or why there is none; what is shown stays while the service is away, and is said to be old. */
const StatusAnswer = memo(function StatusAnswer({ answer, integrations }: StatusAnswerProps) {
  const { data: status, error, dataUpdatedAt, refetch } = answer;
  const nameOf = (name: string): string =>
    integrations?.find(({ integration }) => integration === name)?.display_name ?? capitalised(name);
  const isForbidden = error !== null && asFailure(error).status === 403;
  const retry = (
    <Button size="compact-sm" variant="default" onClick={() => void refetch()} data-testid="retry">
      {strings.page.retry}
    </Button>
  );
  return (
    <Stack component="section" gap="lg" aria-label={words.heading} data-testid="status">
      {isForbidden && (
        <Alert color="yellow" variant="light" role="alert" title={words.forbidden} data-testid="status-forbidden">
          <Text size="sm">{words.forbiddenHint}</Text>
        </Alert>
      )}
      {!isForbidden && error !== null && status === undefined && (
        <ErrorNotice title={words.failed} error={error} testId="status-error">
          {retry}
        </ErrorNotice>
      )}
      {!isForbidden && error !== null && status !== undefined && (
        <Alert
          color="yellow"
          variant="light"
          role="alert"
          title={words.stale(writeClock(dataUpdatedAt))}
          data-testid="status-stale"
        >
          <Stack gap="xs" align="flex-start">
            <Text size="sm">{words.staleHint}</Text>
            {retry}
          </Stack>
        </Alert>
      )}
      {status === undefined && error === null && (
        <Group gap="sm" role="status" data-testid="status-loading">
          <Loader size="sm" aria-hidden="true" />
          <Text>{words.loading}</Text>
        </Group>
      )}
      {!isForbidden && status !== undefined && (
        <StatusBoard status={status} readAtMs={dataUpdatedAt} nameOf={nameOf} isOld={error !== null} />
      )}
    </Stack>
  );
});

function capitalised(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
