import { parseArgs } from 'node:util';
import { positionalsAs, type Command } from './command.ts';
import { withClients } from './installation.ts';
import { issue, showIssued } from './issued-secret.ts';

export const rotateClient: Command = {
  summary: 'give a backend a new secret beside its last one',
  help: `Usage: clients rotate ID [--secret-file FILE] [--json]

Makes a new secret and shows it once. The one before it stays good until the next rotation, so that the backend can change
over in its own time; rotate twice to end a secret at once.

  --secret-file FILE   put the secret into this new file, which only you can read, and don't show it
  --json               {"client_id", "algorithm", "secret"}

Example:
  clients rotate cli_8K2vX0m3vJc1yTbRdA4ZkF --secret-file shop.new-secret
`,
  async run(args, terminal) {
    const options = { 'secret-file': { type: 'string' }, json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [id = ''] = positionalsAs(positionals, 'ID');
    const secretFile = values['secret-file'];
    const issued = await withClients(terminal, (clients) => issue(() => clients.rotate(id), secretFile, terminal));
    showIssued(issued, { json: values.json === true, secretFile, verb: 'Rotated' }, terminal);
    return 0;
  },
};
