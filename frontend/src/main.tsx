import './mantine-styles.ts';
import './app.css';
import { listenForConnections } from './connect/connection-message.ts';
import { CONNECTIONS } from './connections/connections-key.ts';
import { readReturned } from './connect/returned.ts';
import { show } from './renderer.ts';
import { takeLinkToken } from './session/connect-link.ts';
import { createServices } from './services.ts';
import { PageRoot } from './shell/page-root.tsx';

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

const container = document.getElementById('root');
if (!container) throw new Error('index.html has lost its root element.');
// What was drawn when the page was built (first-sight.tsx) is taken over where it is what stands here now.
const { drawnFor } = container.dataset;
const isForeseen = drawnFor === window.location.pathname && !returned && services.place.framing !== 'framed_elsewhere';
show(<PageRoot services={services} returned={returned} />, container, isForeseen);
