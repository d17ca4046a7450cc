import type { Returned } from '../connect/returned.ts';
import { ReturnedNotice } from '../connect/returned-notice.tsx';
import { IntegrationsSection } from '../integrations/integrations-section.tsx';
import { Acting } from './acting.tsx';

export function ConnectPage({ returned }: { returned: Returned | null }) {
  return (
    <>
      {returned && <ReturnedNotice returned={returned} />}
      <Acting>{(owner) => <IntegrationsSection owner={owner} />}</Acting>
    </>
  );
}
