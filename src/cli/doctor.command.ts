import { parseArgs } from 'node:util';
import type { AppConfig } from '../config/app-config.ts';
import { ConfigError } from '../config/load-config.ts';
import { configuredKeyRing } from '../crypto/configured-key-ring.ts';
import { KeyRingError, type KeyRing } from '../crypto/key-ring.ts';
import { PatchbayError } from '../errors/patchbay-error.ts';
import { positionalsAs, writeJson, type Command, type Terminal } from './command.ts';
import { addressFindings, integrationFindings } from './doctor-configuration.ts';
import { clientFindings, clockFinding, storeFindings } from './doctor-store.ts';
import { fail, ok, warn, type Finding } from './finding.ts';
import { configOf, withStore } from './installation.ts';
import { sealFindings } from './keys-store.ts';

export const doctor: Command = {
  summary: 'check the configuration, the store, the keys and the clock',
  help: `Usage: doctor [--json]

Looks at everything Patchbay needs to run here, and says what to do about what is wrong: the configuration, the encryption
keys (their ids alone), the store and whether it keeps what it is told, the clock, the API clients, and for each
integration whether it is set up and which callback URL to register with the provider. The exit code is 1 when something
must be fixed.

  --json   {"ok", "findings": [{"check", "status": "ok"|"warn"|"fail", "message", "advice"}]}

Example:
  doctor
`,
  async run(args, terminal) {
    const options = { json: { type: 'boolean' } } as const;
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    positionalsAs(positionals);
    const findings = await examine(terminal);
    const failures = findings.filter(({ status }) => status === 'fail').length;
    if (values.json === true) writeJson(terminal, { ok: failures === 0, findings });
    else terminal.write(findings.map(asText).join(''));
    if (failures > 0) terminal.say(`${failures} ${failures === 1 ? 'thing' : 'things'} must be fixed.`);
    return failures === 0 ? 0 : 1;
  },
};

async function examine(terminal: Terminal): Promise<readonly Finding[]> {
  let config: AppConfig;
  try {
    config = configOf(terminal);
  } catch (error) {
    if (error instanceof ConfigError) return configProblems(error);
    throw error;
  }
  const { ring, findings } = ringFindings(config);
  return [
    ok('configuration', `It can be used${config.demo ? ', as a demo for this machine' : ''}.`),
    ...addressFindings(config),
    ...findings,
    ...(await storeAndClients(config, ring)),
    ...integrationFindings(config),
  ];
}

function configProblems(error: ConfigError): readonly Finding[] {
  return error.problems.map(([key, problem]) =>
    fail('configuration', `${key} ${problem}.`, `Change ${key} in the environment or in .env.`),
  );
}

function ringFindings(config: AppConfig): { ring?: KeyRing; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  try {
    const ring = configuredKeyRing(config, (path) =>
      findings.push(warn('keys', `An encryption key was made in ${path} just now.`, 'Back it up with the store.')),
    );
    const source = config.encryptionKeys === undefined ? `generated, in ${config.dataDir}` : 'from ENCRYPTION_KEYS';
    const others = ring.keyIds.slice(1);
    const opens = others.length === 0 ? '' : `; ${others.join(', ')} only open`;
    return { ring, findings: [...findings, ok('keys', `Key ${ring.activeKeyId} seals (${source})${opens}.`)] };
  } catch (error) {
    if (!(error instanceof KeyRingError)) throw error;
    return { findings: [fail('keys', error.message, 'Put usable keys into ENCRYPTION_KEYS.')] };
  }
}

async function storeAndClients(config: AppConfig, ring: KeyRing | undefined): Promise<readonly Finding[]> {
  try {
    return await withStore(config, async (store) => [
      ...(await storeFindings(store, config)),
      ...(await clockFinding(store)),
      ...(ring === undefined ? [] : await sealFindings(store, ring)),
      ...(ring === undefined ? [] : await clientFindings(store, ring, config)),
    ]);
  } catch (error) {
    if (!(error instanceof PatchbayError)) throw error;
    const reason = error.cause instanceof Error ? ` (${error.cause.message})` : '';
    const advice = config.store.kind === 'sqlite' ? 'Check DATA_DIR.' : 'Check the REDIS_ settings and that it runs.';
    return [fail('store', `${error.message}${reason}`, advice)];
  }
}

function asText({ check, status, message, advice }: Finding): string {
  const line = `${status.padEnd(4)}  ${check.padEnd(13)}  ${message}\n`;
  return advice === undefined ? line : `${line}${' '.repeat(21)}→ ${advice}\n`;
}
