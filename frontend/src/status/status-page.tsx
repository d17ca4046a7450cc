import './mantine-styles.ts';
import './status.css';
import { Group, Loader, Text } from '@mantine/core';
import { useState } from 'react';
import { readOwner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { SessionNotice } from '../session/session-notice.tsx';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { StatusSection } from './status-section.tsx';

/** It is about nobody in particular, so it isn't said as whom one looks; but somebody has to be allowed to. */
export function StatusPage() {
  const { visit } = useServices();
  const standing = useObservable(visit.standing);
  const [demoOwner] = useState(() => readOwner(window.localStorage));
  switch (standing.name) {
    case 'arriving':
      return (
        <Group gap="sm" role="status">
          <Loader size="sm" aria-hidden="true" />
          <Text>{strings.session.arriving}</Text>
        </Group>
      );
    case 'choosing':
      return <StatusSection owner={demoOwner} />;
    case 'signed_in':
      return <StatusSection owner={standing.session.owner} />;
    case 'out':
      return <SessionNotice out={standing} />;
  }
}
