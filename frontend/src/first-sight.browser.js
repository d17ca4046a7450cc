// The first script of a built page: it runs before anything is shown, so it is short and waits for nothing.

// Dark or light from the start. The component library keeps what was chosen under this name, and does the same when it is there.
let chosen = null;
try {
  chosen = localStorage.getItem('mantine-color-scheme-value');
} catch {
  // Storage that is closed to us: as the system has it.
}
const isDark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
document.documentElement.dataset.mantineColorScheme = isDark ? 'dark' : 'light';

// The page's code comes when what is drawn already has been shown (Paint Timing, first-contentful-paint): it would share the
// line with the styles. Each part is run when it has come, so that no one of them holds the page up for long.
const parts = document.currentScript.dataset.code.split(' ');
const comeAndRun = async () => {
  const links = parts.map((href) => Object.assign(document.createElement('link'), { rel: 'modulepreload', href }));
  document.head.append(...links);
  for (const part of parts) await import(part);
};
const tellMissing = () => {
  const notice = document.getElementById('code-missing');
  notice.querySelector('button').addEventListener('click', () => location.reload());
  notice.hidden = false;
  document.querySelector('[data-testid=arriving]')?.remove();
};
let isAsked = false;
const askForCode = () => {
  if (!isAsked) comeAndRun().catch(tellMissing);
  isAsked = true;
};
if (document.visibilityState === 'hidden' || !PerformanceObserver.supportedEntryTypes.includes('paint')) askForCode();
else {
  new PerformanceObserver(askForCode).observe({ type: 'paint', buffered: true });
  // A page that isn't seen after all.
  setTimeout(askForCode, 2_000);
}
