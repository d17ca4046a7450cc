import { createPrivateKey } from 'node:crypto';
import { parseArgs } from 'node:util';
import type { ApiClients, IssuedApiClient, NewApiClient } from '../callers/api-clients.ts';
import { isPermission, PERMISSIONS, type Permission } from '../callers/caller.ts';
import { IDENTIFIER } from '../callers/dto/owner.request.dto.ts';
import { positionalsAs, UsageError, type Command, type Terminal } from './command.ts';
import { withClients } from './installation.ts';
import { issue, showIssued } from './issued-secret.ts';
import { readFile } from './secret-file.ts';

const HELP = `Usage: clients create NAME --permissions LIST --org ID [options]

Registers a backend that may call Patchbay, and shows its secret once.

  --permissions LIST   what it may do, separated by commas: ${PERMISSIONS.join(', ')}
  --org ID             an organisation it may act for; may be given several times, or as a list with commas;
                       '*' (in quotes) for all
  --algorithm NAME     hmac-sha256 (a shared secret, the default) or ed25519
  --public-key FILE    with ed25519: the public key (PEM); the private one stays with you
  --secret-file FILE   put the secret into this new file, which only you can read, and don't show it
  --json               {"client_id", "algorithm", "secret"}

Examples:
  clients create shop --permissions sessions:create,items:read --org acme --secret-file shop.secret
  clients create reports --permissions items:read --org '*' --json
  openssl genpkey -algorithm ed25519 -out shop.pem && openssl pkey -in shop.pem -pubout -out shop.pub
  clients create shop --permissions items:read --org acme --public-key shop.pub
`;

const OPTIONS = {
  permissions: { type: 'string' },
  org: { type: 'string', multiple: true },
  algorithm: { type: 'string' },
  'public-key': { type: 'string' },
  'secret-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const createClient: Command = {
  summary: 'register a backend that may call',
  help: HELP,
  async run(args, terminal) {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const [name = ''] = positionalsAs(positionals, 'NAME');
    const publicKey = publicKeyFor(values.algorithm, values['public-key'], terminal);
    const secretFile = values['secret-file'];
    if (publicKey !== undefined && secretFile !== undefined) {
      throw new UsageError('A client with a public key has no secret: leave out --secret-file.');
    }
    const client: NewApiClient = {
      name: checkedName(name),
      permissions: permissionsIn(values.permissions),
      orgs: orgsIn(values.org),
      ...(publicKey === undefined ? {} : { publicKey }),
    };
    const make = (clients: ApiClients): Promise<IssuedApiClient> => clients.create(client);
    const issued = await withClients(terminal, (clients) => issue(() => make(clients), secretFile, terminal));
    showIssued(issued, { json: values.json === true, secretFile, verb: 'Created' }, terminal);
    return 0;
  },
};

function checkedName(name: string): string {
  if (/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,100}$/u.test(name) && name.trim() !== '') return name;
  throw new UsageError('NAME must be 1 to 100 characters that can be seen.');
}

function permissionsIn(text: string | undefined): readonly Permission[] {
  const choice = `some of ${PERMISSIONS.join(',')}`;
  const named = listed(text ?? '');
  if (named.length === 0) throw new UsageError(`Say what it may do: --permissions ${choice}.`);
  return named.map((permission) => {
    if (isPermission(permission)) return permission;
    throw new UsageError(`There is no permission ${JSON.stringify(permission)}: --permissions takes ${choice}.`);
  });
}

/** Every organisation is never what somebody meant by saying nothing. */
function orgsIn(given: readonly string[] | undefined): '*' | readonly string[] {
  const orgs = listed((given ?? []).join(','));
  if (orgs.length === 0) throw new UsageError("Say for whom it may act: --org with one or several ids, or --org '*'.");
  if (orgs.length === 1 && orgs[0] === '*') return '*';
  const [bad] = orgs.filter((org) => !IDENTIFIER.test(org));
  if (bad === '*') throw new UsageError("--org '*' is for every organisation: leave out the others.");
  if (bad === undefined) return orgs;
  throw new UsageError(`${JSON.stringify(bad)} can't be an organisation: 1 to 128 characters of A-Z a-z 0-9 . _ : @ -`);
}

function listed(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ''))];
}

function publicKeyFor(algorithm: string | undefined, path: string | undefined, terminal: Terminal): string | undefined {
  if (algorithm !== undefined && algorithm !== 'hmac-sha256' && algorithm !== 'ed25519') {
    throw new UsageError('--algorithm is hmac-sha256 or ed25519.');
  }
  if (path === undefined) {
    if (algorithm === 'ed25519') throw new UsageError('With ed25519 the public key is needed: --public-key FILE.');
    return undefined;
  }
  if (algorithm === 'hmac-sha256') throw new UsageError('--public-key is for --algorithm ed25519.');
  const pem = readFile(path, terminal);
  if (isPrivateKey(pem)) throw new UsageError(`${path} is a private key: keep it, and give the public one.`);
  return pem;
}

function isPrivateKey(pem: string): boolean {
  try {
    createPrivateKey(pem);
    return true;
  } catch {
    return pem.includes('PRIVATE KEY');
  }
}
