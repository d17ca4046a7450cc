// node:sqlite still announces itself as experimental on some releases, as soon as it is loaded; that one warning is
// known, any other is shown. So the sandbox is loaded after this.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning: string | Error, ...rest: never[]): void => {
  if (!String(warning).includes('SQLite is an experimental feature')) emitWarning(warning, ...rest);
};

async function main(): Promise<void> {
  const { startSandbox } = await import('./sandbox.ts');
  const { optionsFrom } = await import('./core/environment.ts');
  const sandbox = await startSandbox(optionsFrom(process.env));
  process.stdout.write(`Sandbox listening on ${sandbox.url}\n`);
  const stop = (): void => {
    void sandbox.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`The sandbox could not start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
