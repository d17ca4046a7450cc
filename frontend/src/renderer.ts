import { startTransition, type ReactNode } from 'react';
import { createRoot, hydrateRoot } from 'react-dom/client';

/**
 * Shows the page in slices: on a slow phone it takes clicks, and shows where it is, while it is being made. In a module of the
 * library's own part, so that the library is run with that part, and not with the page.
 * @param isDrawn whether `container` holds already what the page shows first
 */
export function show(page: ReactNode, container: Element, isDrawn: boolean): void {
  startTransition(() => {
    if (isDrawn) hydrateRoot(container, page);
    else createRoot(container).render(page);
  });
}
