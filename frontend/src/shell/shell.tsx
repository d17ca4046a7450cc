import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { AvailabilityBanner } from '../availability/availability-banner.tsx';
import { useServices } from '../services.ts';
import { useObservable } from '../state/use-observable.ts';
import { strings } from '../strings.ts';
import { Brand } from './brand.tsx';
import { ColorSchemeChoice } from './color-scheme-choice.tsx';
import { MAIN_ID } from './page.tsx';
import { PAGES } from './pages.ts';

/** What stands around every page: the name, the ways to the others, and whether the service is there. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="shell">
      <a href={`#${MAIN_ID}`} className="skip-link" onClick={skipToMain} data-testid="skip-link">
        {strings.page.skip}
      </a>
      <ShellHeader />
      <AvailabilityBanner />
      <main id={MAIN_ID} tabIndex={-1} className="shell-main">
        {children}
      </main>
    </div>
  );
}

/** Not by the address: its fragment is where a connect link's token arrives. */
function skipToMain(event: { preventDefault: () => void }): void {
  event.preventDefault();
  document.getElementById(MAIN_ID)?.focus();
}

function ShellHeader() {
  const { visit } = useServices();
  const mayOperate = useObservable(visit.permissions).includes('operations:read');
  return (
    <header className="shell-header">
      <div className="shell-bar">
        <Link href={PAGES.connect} className="shell-brand" aria-label={strings.page.home}>
          <Brand />
        </Link>
        <nav className="shell-nav" aria-label={strings.page.nav}>
          <PageLink href={PAGES.connect} name={strings.page.connectPage} />
          <PageLink href={PAGES.explore} name={strings.page.explorePage} />
          {mayOperate && <PageLink href={PAGES.status} name={strings.page.statusPage} />}
          <Anchor href="/docs" className="shell-link" underline="never">
            {strings.page.apiDocs}
          </Anchor>
        </nav>
        <ColorSchemeChoice />
      </div>
    </header>
  );
}

function PageLink({ href, name }: { href: string; name: string }) {
  const [location] = useLocation();
  return (
    <Anchor
      component={Link}
      href={href}
      className="shell-link"
      underline="never"
      aria-current={location === href ? 'page' : undefined}
    >
      {name}
    </Anchor>
  );
}
