import type { IssuedApiClient } from '../callers/api-clients.ts';
import { CommandFailure, writeJson, type Terminal } from './command.ts';
import { intoSecretFile } from './secret-file.ts';

export interface Showing {
  readonly json: boolean;
  /** Where the secret was put, in place of showing it. */
  readonly secretFile: string | undefined;
  readonly verb: 'Created' | 'Rotated';
}

/** Makes a secret, into a file where one is named. */
export async function issue(
  make: () => Promise<IssuedApiClient>,
  secretFile: string | undefined,
  terminal: Terminal,
): Promise<IssuedApiClient> {
  if (secretFile === undefined) return make();
  return intoSecretFile(secretFile, terminal, async () => {
    const issued = await make();
    if (issued.secret === undefined) throw new CommandFailure('This client has no secret.');
    return { made: issued, secret: issued.secret };
  });
}

/** The one place where a secret is shown. */
export function showIssued({ client, secret }: IssuedApiClient, showing: Showing, terminal: Terminal): void {
  const { json, secretFile, verb } = showing;
  const isShown = secret !== undefined && secretFile === undefined;
  const { clientId, name, credential } = client;
  if (json) {
    writeJson(terminal, {
      client_id: clientId,
      algorithm: credential.algorithm,
      ...(isShown ? { secret: secret.reveal() } : {}),
    });
  } else {
    const lines = [`${verb} ${name}`, `  client id  ${clientId}`, `  algorithm  ${credential.algorithm}`];
    if (isShown) lines.push(`  secret     ${secret.reveal()}`, 'The secret is shown this once: keep it now.');
    terminal.write(`${lines.join('\n')}\n`);
  }
  if (secretFile !== undefined) terminal.say(`The secret is in ${secretFile}, which only you can read.`);
  if (verb === 'Rotated') terminal.say('The secret before this one stays good until the next rotation.');
}
