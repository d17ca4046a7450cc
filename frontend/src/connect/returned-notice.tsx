import { Alert } from '@mantine/core';
import { useState } from 'react';
import { strings } from '../strings.ts';
import type { Returned } from './returned.ts';

const COLORS = { connected: 'green', denied: 'yellow', failed: 'red' };

/** Shown once when a person comes back from the provider in this very tab. */
export function ReturnedNotice({ returned }: { returned: Returned }) {
  const [open, setOpen] = useState(true);
  if (!open) return null;
  const code = returned.error === null ? '' : ` (${returned.error})`;
  return (
    <Alert
      role="status"
      color={COLORS[returned.status]}
      title={strings.returned[returned.status] + code}
      withCloseButton
      closeButtonLabel={strings.page.dismiss}
      onClose={() => setOpen(false)}
      data-testid="returned"
      data-status={returned.status}
    >
      {strings.returned.hint[returned.status]}
    </Alert>
  );
}
