import { Alert, Anchor, Button, Stack, Text } from '@mantine/core';
import { useEffect } from 'react';
import { BackLink } from '../connect/back-link.tsx';
import { tellHost } from '../connect/host-page.ts';
import type { Returned } from '../connect/returned.ts';
import { ReturnedNotice } from '../connect/returned-notice.tsx';
import { IntegrationsSection } from '../integrations/integrations-section.tsx';
import { useServices } from '../services.ts';
import type { PageSession } from '../session/page-session.ts';
import { SessionNotice } from '../session/session-notice.tsx';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { Opening } from './opening.tsx';
import { Page } from './page.tsx';
import { PAGES } from './pages.ts';

/** What a connect link opens: the integrations of its session, and the way back. */
export function FocusedPage({ returned }: { returned: Returned | null }) {
  const { visit, place } = useServices();
  const standing = useObservable(visit.standing);
  if (place.framing === 'framed_elsewhere') return <InNewWindow />;
  if (standing.name === 'signed_in') return <Connecting session={standing.session} returned={returned} />;
  return (
    <Page title={strings.focused.title}>
      {standing.name === 'arriving' && <Opening text={strings.session.arriving} />}
      {standing.name === 'out' && <SessionNotice out={standing} />}
      {standing.name === 'choosing' && <NoLink />}
    </Page>
  );
}

function Connecting({ session, returned }: { session: PageSession; returned: Returned | null }) {
  const { attempts, place } = useServices();
  const { owner, returnUrl = null } = session;
  useEffect(() => {
    if (place.framing !== 'framed') return;
    // Nobody but whom the link names: the application it leads back to, else a page of our own.
    const origin = new URL(returnUrl ?? window.location.href).origin;
    return tellHost(attempts.attempts, (message) => window.parent.postMessage(message, origin));
  }, [attempts, place, returnUrl]);
  return (
    <Page title={strings.focused.title} lead={strings.focused.lead(owner.userId, owner.orgId)}>
      <Stack gap="lg" data-testid="focused-page">
        {returned && <ReturnedNotice returned={returned} />}
        <IntegrationsSection owner={owner} />
        {returnUrl !== null && <BackLink owner={owner} returnUrl={returnUrl} returned={returned} />}
      </Stack>
    </Page>
  );
}

/** Within a page of another site no provider's answer could be bound to this browser: its cookie isn't kept there. */
function InNewWindow() {
  return (
    <Page title={strings.focused.title}>
      <Stack gap="sm" align="flex-start" data-testid="in-new-window">
        <Text>{strings.focused.elsewhere}</Text>
        <Button component="a" href={window.location.href} target="_blank" rel="noopener" data-testid="open-new-window">
          {strings.focused.newWindow}
        </Button>
        <Text size="sm" c="dimmed">
          {strings.focused.elsewhereHint}
        </Text>
      </Stack>
    </Page>
  );
}

function NoLink() {
  const { place } = useServices();
  return (
    <Alert color="gray" variant="light" role="status" title={strings.focused.noLink} data-testid="no-link">
      <Stack gap="sm" align="flex-start">
        <Text size="sm">{strings.focused.noLinkHint}</Text>
        {place.framing === 'top' && (
          <Anchor href={PAGES.connect} underline="always" size="sm">
            {strings.page.toStart}
          </Anchor>
        )}
      </Stack>
    </Alert>
  );
}
