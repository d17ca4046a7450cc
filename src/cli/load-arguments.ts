import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { parseArgs } from 'node:util';
import { LoadRequest } from '../integrations/dto/load.request.dto.ts';
import { integrationNames, registry } from '../integrations/registry.ts';
import type { Integration } from '../integrations/integration.ts';
import { positionalsAs, UsageError } from './command.ts';
import type { WantedItems } from './load-state.ts';

/** What a load was asked for. */
export interface LoadArguments {
  readonly integration: Integration;
  readonly wanted: WantedItems;
  /** As it was given; absent: standard output. */
  readonly out?: string;
  /** Only what changed since the load that is in the file. */
  readonly changes: boolean;
  readonly json: boolean;
}

const OPTIONS = {
  user: { type: 'string' },
  org: { type: 'string' },
  connection: { type: 'string' },
  types: { type: 'string' },
  since: { type: 'string' },
  out: { type: 'string' },
  changes: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** What the members of a request are called here. */
const OPTION_OF: Readonly<Record<string, string>> = {
  user_id: '--user',
  org_id: '--org',
  connection_id: '--connection',
  item_types: '--types',
  modified_since: '--since',
};

/** @throws UsageError */
export function loadArguments(args: readonly string[]): LoadArguments {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const [name = ''] = positionalsAs(positionals, 'INTEGRATION');
  const integration = registry.find(({ descriptor }) => descriptor.name === name);
  if (integration === undefined)
    throw new UsageError(
      `There is no integration ${JSON.stringify(name)}: it is one of ${integrationNames.join(', ')}.`,
    );
  const { user, org, connection, types, since, out, changes = false, json = false } = values;
  if (user === undefined || org === undefined) throw new UsageError('Say whose account: --user ID and --org ID.');
  if (changes && out === undefined) throw new UsageError('--changes goes on from a file: name it with --out.');
  if (changes && since !== undefined) throw new UsageError('--changes knows since when by itself: leave out --since.');
  if (out === '') throw new UsageError('--out needs the name of a file.');
  const wanted: WantedItems = {
    integration: name,
    user_id: user,
    org_id: org,
    item_types: types === undefined ? integration.descriptor.defaultItemTypes : typesIn(types, integration),
    ...(connection === undefined ? {} : { connection_id: connection }),
    ...(since === undefined ? {} : { modified_since: since }),
  };
  refuseInvalid(wanted);
  return { integration, wanted, changes, json, ...(out === undefined ? {} : { out }) };
}

function typesIn(text: string, { descriptor }: Integration): readonly string[] {
  const types = [...new Set(text.split(',').map((type) => type.trim()))].filter((type) => type !== '');
  const known = descriptor.itemTypes.join(', ');
  const unknown = types.find((type) => !descriptor.itemTypes.includes(type));
  if (unknown !== undefined)
    throw new UsageError(`${descriptor.displayName} has no item type ${JSON.stringify(unknown)}: it has ${known}.`);
  if (types.length === 0) throw new UsageError(`--types takes some of ${known}, separated by commas.`);
  return types;
}

/** By the same rules as a request. */
function refuseInvalid({ integration: _, ...members }: WantedItems): void {
  const [error] = validateSync(plainToInstance(LoadRequest, members), { stopAtFirstError: true });
  if (error === undefined) return;
  const [problem = 'is not valid'] = Object.values(error.constraints ?? {});
  throw new UsageError(`${OPTION_OF[error.property] ?? error.property} ${problem}.`);
}
