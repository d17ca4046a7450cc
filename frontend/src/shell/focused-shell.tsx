import type { ReactNode } from 'react';
import { AvailabilityBanner } from '../availability/availability-banner.tsx';
import { MAIN_ID } from './page.tsx';
import { Brand } from './brand.tsx';

/** Around the page of a connect link: no ways to anywhere, and as narrow as what it is embedded in. */
export function FocusedShell({ children }: { children: ReactNode }) {
  return (
    <div className="shell">
      <AvailabilityBanner />
      <main id={MAIN_ID} className="shell-main focused-main">
        {children}
      </main>
      <footer className="focused-footer">
        <Brand size={20} />
      </footer>
    </div>
  );
}
