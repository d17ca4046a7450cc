import './mantine-styles.ts';
import './status.css';
import { useState } from 'react';
import { readOwner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { SessionNotice } from '../session/session-notice.tsx';
import { Opening } from '../shell/opening.tsx';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { StatusSection } from './status-section.tsx';

/** It is about nobody in particular, so it isn't said as whom one looks; but somebody has to be allowed to. */
export function StatusPage() {
  const { visit } = useServices();
  const standing = useObservable(visit.standing);
  switch (standing.name) {
    case 'arriving':
      return <Opening text={strings.session.arriving} />;
    case 'choosing':
      return <StatusInDemo />;
    case 'signed_in':
      return <StatusSection owner={standing.session.owner} />;
    case 'out':
      return <SessionNotice out={standing} />;
  }
}

function StatusInDemo() {
  const [owner] = useState(() => readOwner(window.localStorage));
  return <StatusSection owner={owner} />;
}
