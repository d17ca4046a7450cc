// Development: service, sandbox and page, each started anew when its sources change. The page is on port 3000.
import concurrently from 'concurrently';

process.env.DEMO ||= 'true';
process.env.LOG_LEVEL ||= 'debug';
const { result } = concurrently(
  [
    { name: 'service', command: 'nest start --watch' },
    {
      name: 'sandbox',
      command: 'node --disable-warning=ExperimentalWarning --watch sandbox/main.ts',
      env: { SANDBOX_DATA: 'data/sandbox.sqlite' },
    },
    { name: 'page', command: 'npm run --silent --workspace frontend dev' },
  ],
  { killOthersOn: ['failure', 'success'] },
);
await result.catch(() => {
  process.exitCode = 1;
});
