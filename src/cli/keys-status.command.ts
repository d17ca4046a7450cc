import { parseArgs } from 'node:util';
import { MAX_SEALS } from '../crypto/seal-tally.ts';
import { positionalsAs, writeJson, type Command, type Terminal } from './command.ts';
import { takeCensus, total, type Census, type KeyCount, type PerKind } from './keys-census.ts';
import { SEALED_KINDS } from './keys-sealed-kinds.ts';
import { sealFindings, withKeys } from './keys-store.ts';
import { Progress } from './progress.ts';

export const keysStatus: Command = {
  summary: 'which key seals what, and which may be retired',
  help: `Usage: keys status [--json]

Counts the records sealed with each key, without opening any, and says which keys of ENCRYPTION_KEYS may be taken out: those
that don't seal and that no record is sealed with. The exit code is 1 when records are sealed with a key that isn't there.

  --json   {"active_key", "keys": [{"key_id", "state": "active"|"opens"|"missing", "records": {"connections",
           "client_secrets", "pending_authorizations"}, "may_retire", "seals"}], "unreadable": {…}, "max_seals"}

Example:
  keys status
`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    positionalsAs(positionals);
    return withKeys(terminal, async ({ ring, store, counts }) => {
      const census = await counted(terminal, (onRecords) => takeCensus(store, ring, onRecords));
      const seals = await counts.byKey();
      if (values.json === true) writeJson(terminal, shown(census, seals));
      else terminal.write(asText(census));
      for (const { message, advice = '' } of await sealFindings(store, ring)) terminal.say(`${message} ${advice}`);
      return census.keys.some(({ state }) => state === 'missing') ? 1 : 0;
    });
  },
};

async function counted<T>(terminal: Terminal, count: (onRecords: (count: number) => void) => Promise<T>): Promise<T> {
  const progress = new Progress(terminal);
  let records = 0;
  try {
    return await count((more) => {
      records += more;
      progress.tell(`Counting: ${records} records.`);
    });
  } finally {
    progress.end();
  }
}

function mayRetire({ state, records }: KeyCount): boolean {
  return state === 'opens' && total(records) === 0;
}

function shown({ keys, unreadable }: Census, seals: ReadonlyMap<string, number>) {
  return {
    active_key: keys.find(({ state }) => state === 'active')?.keyId,
    keys: keys.map((key) => ({
      key_id: key.keyId,
      state: key.state,
      records: key.records,
      may_retire: mayRetire(key),
      seals: seals.get(key.keyId) ?? 0,
    })),
    unreadable,
    max_seals: MAX_SEALS,
  };
}

function asText({ keys, unreadable }: Census): string {
  const width = Math.max(...keys.map(({ keyId }) => keyId.length));
  const lines = keys.map((key) => `${key.keyId.padEnd(width)}  ${key.state.padEnd(7)}  ${described(key)}\n`);
  const lost = total(unreadable);
  return lines.join('') + (lost === 0 ? '' : `${listed(unreadable)} can't be read: their owners connect again.\n`);
}

function described(key: KeyCount): string {
  const records = listed(key.records);
  if (key.state === 'active') return `seals, and opens ${records}`;
  if (key.state === 'missing') return `is not in ENCRYPTION_KEYS, and alone opens ${records}: put it back`;
  return mayRetire(key) ? 'no record needs it: it may be retired' : `still opens ${records}: run keys rotate`;
}

function listed(records: PerKind): string {
  if (total(records) === 0) return 'nothing';
  return SEALED_KINDS.filter(({ name }) => records[name] > 0)
    .map(({ name, title }) => `${records[name]} ${title}${records[name] === 1 ? '' : 's'}`)
    .join(', ');
}
