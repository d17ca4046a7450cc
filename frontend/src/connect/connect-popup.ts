import { strings } from '../strings.ts';

/** The window in which a person meets the provider. Whether it is still open can't be known, so it isn't asked. */
export interface ConnectPopup {
  /** Shows `url` there, in a new window when the old one is gone or out of reach. */
  goTo(url: string): void;
  close(): void;
}

/** Null when the browser blocked it. Has to be called inside the click itself, or every browser blocks it. */
export type OpenConnectPopup = (name: string) => ConnectPopup | null;

const FEATURES = 'popup,width=620,height=780';

export const openConnectPopup: OpenConnectPopup = (name) => {
  let opened = window.open('about:blank', name, FEATURES);
  if (!opened) return null;
  writePlaceholder(opened.document);
  return {
    goTo: (url) => {
      // A provider's Cross-Origin-Opener-Policy makes `closed` read true for an open window; a second one is harmless.
      if (opened && !opened.closed) {
        opened.location.replace(url);
        opened.focus();
      } else {
        opened = window.open(url, name, FEATURES);
      }
    },
    close: () => opened?.close(),
  };
};

function writePlaceholder(page: Document): void {
  page.title = strings.page.productName;
  page.documentElement.style.colorScheme = 'light dark';
  page.body.style.font = '1rem system-ui, sans-serif';
  page.body.style.margin = '2rem';
  page.body.textContent = strings.connect.popupPlaceholder;
}
