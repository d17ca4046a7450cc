import { useDeferredValue, useState, type ReactNode } from 'react';
import { OwnerPanel } from '../owner/owner-panel.tsx';
import { keepOwner, readOwner, type Owner } from '../owner/owner.ts';
import { useServices } from '../services.ts';
import { SessionNotice } from '../session/session-notice.tsx';
import { SignedInPanel } from '../session/signed-in-panel.tsx';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { Opening } from './opening.tsx';

interface ActingProps {
  /** What there is to do for whom the page acts as. */
  children: (owner: Owner) => ReactNode;
  /** What may still be seen of somebody whose session has ended. */
  afterwards?: (owner: Owner) => ReactNode;
}

/** What there is to do depends on who one is. */
export function Acting({ children, afterwards }: ActingProps) {
  const { visit } = useServices();
  // Made in slices: it is most of the page.
  const standing = useDeferredValue(useObservable(visit.standing));
  switch (standing.name) {
    case 'arriving':
      return <Opening text={strings.session.arriving} />;
    case 'choosing':
      return <ActingInDemo>{children}</ActingInDemo>;
    case 'signed_in':
      return (
        <>
          <SignedInPanel session={standing.session} />
          {children(standing.session.owner)}
        </>
      );
    case 'out':
      return (
        <>
          <SessionNotice out={standing} />
          {standing.owner && afterwards?.(standing.owner)}
        </>
      );
  }
}

function ActingInDemo({ children }: Pick<ActingProps, 'children'>) {
  const { loads } = useServices();
  const [owner, setOwner] = useState(() => readOwner(window.localStorage));
  const choose = (chosen: Owner): void => {
    keepOwner(window.localStorage, chosen);
    loads.closeAll();
    setOwner(chosen);
  };
  return (
    <>
      <OwnerPanel owner={owner} onChoose={choose} />
      {children(owner)}
    </>
  );
}
