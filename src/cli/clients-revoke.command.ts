import { parseArgs } from 'node:util';
import { positionalsAs, writeJson, type Command } from './command.ts';
import { withClients } from './installation.ts';

export const revokeClient: Command = {
  summary: 'let a backend call no more, from its next request on',
  help: `Usage: clients revoke ID [--json]

Deletes an API client with all its secrets. Connections it made for its users stay.

  --json   {"client_id", "revoked": true}

Example:
  clients revoke cli_8K2vX0m3vJc1yTbRdA4ZkF
`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const [id = ''] = positionalsAs(positionals, 'ID');
    await withClients(terminal, (clients) => clients.revoke(id));
    if (values.json === true) writeJson(terminal, { client_id: id, revoked: true });
    else terminal.write(`Revoked ${id}: its requests are refused from now on.\n`);
    return 0;
  },
};
