import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { asFailure } from '../api/api-failure.ts';
import { strings } from '../strings.ts';

interface ErrorNoticeProps {
  title: string;
  error: unknown;
  testId: string;
  /** What to do about it: buttons. */
  children?: ReactNode;
}

/** A failure in words, with what an operator needs to find it in the logs. */
export function ErrorNotice({ title, error, testId, children }: ErrorNoticeProps) {
  const failure = asFailure(error);
  const reference = failure.requestId === undefined ? failure.code : `${failure.code} ${failure.requestId}`;
  return (
    <Alert color="red" variant="light" role="alert" title={title} data-testid={testId}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{failure.message}</Text>
        {failure.fields.map(({ field, problem }) => (
          <Text size="sm" key={`${field} ${problem}`}>
            {field}: {problem}
          </Text>
        ))}
        {failure.retryAfterSeconds !== undefined && (
          <Text size="sm">{strings.failures.retryAfter(failure.retryAfterSeconds)}</Text>
        )}
        <Text size="xs" className="breakable">
          {strings.failures.code}: <Code data-testid={`${testId}-code`}>{failure.code}</Code>{' '}
          {failure.requestId !== undefined && (
            <>
              {strings.failures.requestId}: <Code data-testid={`${testId}-request-id`}>{failure.requestId}</Code>
            </>
          )}
        </Text>
        <Group gap="xs">
          {children}
          <CopyButton value={reference}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="default" onClick={copy} aria-label={strings.failures.copyLabel}>
                {copied ? strings.failures.copied : strings.failures.copy}
              </Button>
            )}
          </CopyButton>
        </Group>
      </Stack>
    </Alert>
  );
}
