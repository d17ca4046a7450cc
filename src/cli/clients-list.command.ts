import { parseArgs } from 'node:util';
import type { ApiClient } from '../callers/api-client.ts';
import { positionalsAs, writeJson, type Command } from './command.ts';
import { withClients } from './installation.ts';

export const listClients: Command = {
  summary: 'who may call, and what',
  help: `Usage: clients list [--json]

Shows every API client; never a secret.

  --json   {"clients": [{"client_id", "name", "algorithm", "permissions", "orgs", "live_secrets", "created_at"}]}

Example:
  clients list
`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    positionalsAs(positionals);
    const shown = (await withClients(terminal, (clients) => clients.list())).map(shownClient);
    if (values.json === true) writeJson(terminal, { clients: shown });
    else terminal.write(shown.length === 0 ? 'There is no API client yet.\n' : shown.map(asText).join(''));
    return 0;
  },
};

type ShownClient = ReturnType<typeof shownClient>;

function shownClient({ clientId, name, permissions, orgs, createdAt, credential }: ApiClient) {
  return {
    client_id: clientId,
    name,
    algorithm: credential.algorithm,
    permissions,
    orgs,
    live_secrets: credential.algorithm === 'hmac-sha256' ? credential.secrets.length : 0,
    created_at: new Date(createdAt).toISOString(),
  };
}

function asText(client: ShownClient): string {
  const { name, client_id, algorithm, live_secrets, permissions, orgs, created_at } = client;
  const rotating = live_secrets > 1 ? `, ${live_secrets} live secrets` : '';
  return [
    `${client_id}  ${name}`,
    `  ${algorithm}${rotating}, created ${created_at}`,
    `  may ${permissions.join(', ')}`,
    `  for ${orgs === '*' ? 'every organisation' : orgs.join(', ')}\n`,
  ].join('\n');
}
