import './mantine-styles.ts';
import './app.css';
import { createTheme, MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { startTransition, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { listenForConnections } from './connect/connection-message.ts';
import { CONNECTIONS } from './connections/connections-key.ts';
import { readReturned } from './connect/returned.ts';
import { takeLinkToken } from './session/connect-link.ts';
import { App } from './shell/app.tsx';
import { createServices, ServicesContext } from './services.ts';

const services = createServices();
// Within another site's page nothing can be connected: its link is left for the window that is opened from there.
if (services.place.framing !== 'framed_elsewhere') {
  void services.visit.begin(takeLinkToken(window.location, window.history));
}
const returned = readReturned(window.location.search);
if (returned) window.history.replaceState(null, '', window.location.pathname);

listenForConnections(({ state }) => {
  services.attempts.lookNow(state);
  // Another tab may have connected it.
  void services.queries.invalidateQueries({ queryKey: [CONNECTIONS] });
});
// Timers are slowed down while the popup is in front: look the moment the person is back.
window.addEventListener('focus', () => services.attempts.lookNow());

// A link pasted into the address of an open page changes its fragment alone.
window.addEventListener('hashchange', () => {
  if (services.place.framing === 'framed_elsewhere') return;
  const token = takeLinkToken(window.location, window.history);
  if (token === null) return;
  services.loads.closeAll();
  void services.visit.begin(token);
  services.queries.clear();
});

const theme = createTheme({
  ...{
    primaryColor: 'indigo',
    primaryShade: 8,
    cursorType: 'pointer',
    defaultRadius: 'md',
    respectReducedMotion: true,
  },
  components: { Badge: { defaultProps: { tt: 'none', fw: 600 } } },
});
const root = document.getElementById('root');
if (!root) throw new Error('index.html has lost its root element.');

// In slices: on a slow phone the page takes clicks, and shows where it is, while it is being made.
startTransition(() =>
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto">
        <QueryClientProvider client={services.queries}>
          <ServicesContext value={services}>
            <App returned={returned} />
          </ServicesContext>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  ),
);
