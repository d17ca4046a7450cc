import { parseArgs } from 'node:util';
import { CredentialCipher } from '../crypto/credential-cipher.ts';
import { positionalsAs, writeJson, type Command, type Terminal } from './command.ts';
import { KeyRotation, type RotationReport, type Unopenable } from './keys-rotation.ts';
import { withKeys, type KeysAndStore } from './keys-store.ts';
import { Progress } from './progress.ts';

export const keysRotate: Command = {
  summary: 'seal everything with the active key',
  help: `Usage: keys rotate [--json]

Seals again, with the first key of ENCRYPTION_KEYS, whatever in the store is sealed with another, while replicas run. It may be
killed and run again: what is done is passed by. The exit code is 1 when something can't be opened; it is then listed, by
id, and all else is done. Every replica must have the new key first: docs/key-rotation.md has the steps.

  --json   {"active_key", "examined", "resealed", "contended", "unopenable": [{"kind", "id", "key_id"}]}

Example:
  keys rotate && npm run --silent cli -- keys status
`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    positionalsAs(positionals);
    return withKeys(terminal, async (installation) => {
      const { activeKeyId } = installation.ring;
      const report = await rotated(installation, terminal);
      if (values.json === true) writeJson(terminal, shown(activeKeyId, report));
      else terminal.write(asText(activeKeyId, report));
      for (const one of report.unopenable) terminal.say(whyNot(one, installation.ring.keyIds));
      if (report.contended > 0) terminal.say(`${report.contended} were written to all the time: run it again.`);
      return report.unopenable.length + report.contended === 0 ? 0 : 1;
    });
  },
};

async function rotated({ ring, store, counts }: KeysAndStore, terminal: Terminal): Promise<RotationReport> {
  const progress = new Progress(terminal);
  const rotation = new KeyRotation(store, new CredentialCipher(ring), {
    onProgress: ({ title }, examined, resealed) => {
      progress.tell(
        `Sealing with ${ring.activeKeyId}: ${examined} records seen, now ${title}s; ${resealed} sealed anew.`,
      );
    },
    onSealed: async (seals) => {
      await counts.add(ring.activeKeyId, seals);
    },
  });
  try {
    return await rotation.run();
  } finally {
    progress.end();
  }
}

function shown(activeKeyId: string, { examined, resealed, contended, unopenable }: RotationReport) {
  const listed = unopenable.map(({ kind, id, keyId }) => ({ kind, id, key_id: keyId ?? null }));
  return { active_key: activeKeyId, examined, resealed, contended, unopenable: listed };
}

function asText(activeKeyId: string, { examined, resealed, unopenable, contended }: RotationReport): string {
  const others = examined - resealed - unopenable.length - contended;
  const rest = others > 0 ? ` ${others} had nothing to seal.` : '';
  return `Sealed ${resealed} of ${examined} records with key ${activeKeyId}.${rest}\n`;
}

function whyNot({ title, id, keyId }: Unopenable, keyIds: readonly string[]): string {
  if (keyId === undefined) return `The ${title} ${id} can't be read.`;
  const what = keyIds.includes(keyId) ? 'it was altered or moved' : `key ${keyId} is not in ENCRYPTION_KEYS`;
  return `The ${title} ${id} can't be opened: ${what}.`;
}
