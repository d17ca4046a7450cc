import { Button, Group, Paper, Stack, Text, TextInput, Title, VisuallyHidden } from '@mantine/core';
import { useId, useState, type SubmitEvent } from 'react';
import { strings } from '../strings.ts';
import { isIdentifier, type Owner } from './owner.ts';

interface OwnerPanelProps {
  owner: Owner;
  onChoose: (owner: Owner) => void;
}

/** The demo's stand-in for an integrator's own login: whose connections to show. */
export function OwnerPanel({ owner, onChoose }: OwnerPanelProps) {
  const headingId = useId();
  const [userId, setUserId] = useState(owner.userId);
  const [orgId, setOrgId] = useState(owner.orgId);
  const [applied, setApplied] = useState('');
  const valid = isIdentifier(userId) && isIdentifier(orgId);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!valid) return;
    onChoose({ userId, orgId });
    setApplied(strings.owner.applied(userId, orgId));
  };
  return (
    <Paper component="section" withBorder p="md" aria-labelledby={headingId} data-testid="owner-panel">
      <Group justify="space-between" align="center" gap="md">
        <Stack gap={2} flex="1 1 16rem">
          <Title order={2} size="h5" id={headingId}>
            {strings.owner.heading}
          </Title>
          <Text size="sm" c="dimmed">
            {strings.owner.explanation}
          </Text>
        </Stack>
        <form onSubmit={submit} noValidate className="owner-form">
          <Group align="flex-start" gap="sm">
            <OwnerInput label={strings.owner.userId} value={userId} onChange={setUserId} testId="user-id" />
            <OwnerInput label={strings.owner.orgId} value={orgId} onChange={setOrgId} testId="org-id" />
            <Button
              type="submit"
              variant="default"
              mt={{ base: 0, xs: 25 }}
              disabled={!valid}
              data-testid="owner-apply"
            >
              {strings.owner.apply}
            </Button>
          </Group>
        </form>
      </Group>
      <VisuallyHidden role="status">{applied}</VisuallyHidden>
    </Paper>
  );
}

interface OwnerInputProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  testId: string;
}

function OwnerInput({ label, value, onChange, testId }: OwnerInputProps) {
  return (
    <TextInput
      label={label}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={isIdentifier(value) ? undefined : strings.owner.invalid}
      maxLength={128}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      data-testid={testId}
      flex="1 1 11rem"
    />
  );
}
