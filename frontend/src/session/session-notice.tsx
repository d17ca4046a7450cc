import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { ErrorNotice } from '../feedback/error-notice.tsx';
import { strings } from '../strings.ts';
import type { Standing } from './visit.ts';

type Out = Extract<Standing, { name: 'out' }>;

/** In place of everything there is to do: why the page acts as nobody, and what helps. */
export function SessionNotice({ out: { reason, failure, retry } }: { out: Out }) {
  if (failure) {
    return (
      <ErrorNotice title={strings.session.out[reason].title} error={failure} testId="session-out">
        {retry && <RetryButton onRetry={retry} />}
      </ErrorNotice>
    );
  }
  const { title, hint } = strings.session.out[reason];
  return (
    <Alert
      color={reason === 'signed_out' ? 'gray' : 'yellow'}
      variant="light"
      role={reason === 'signed_out' ? 'status' : 'alert'}
      title={title}
      data-testid="session-out"
      data-reason={reason}
    >
      <Stack gap="xs">
        <Text size="sm">{hint}</Text>
      </Stack>
    </Alert>
  );
}

function RetryButton({ onRetry }: { onRetry: () => void }) {
  return (
    <Group>
      <Button size="compact-sm" variant="default" onClick={onRetry} data-testid="retry">
        {strings.page.retry}
      </Button>
    </Group>
  );
}
