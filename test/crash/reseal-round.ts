import type { CrashScene } from './crash-scene.ts';
import type { ProcessLife } from './crashed-process.ts';
import type { Kill } from './kill.ts';
import { reseal } from './resealing.ts';
import { Findings, strickenAt, type Round } from './round.ts';

/** Each is a step to be killed at. */
const CONNECTIONS = 4;

interface Sealed {
  readonly orgId: string;
  readonly connectionId: string;
  readonly accessToken: string;
}

/** Connections that are sealed from one key to the other and back, by processes that are killed at it. */
export class ResealRounds {
  readonly #scene: CrashScene;
  readonly #sealed: readonly Sealed[];
  #keys: readonly [active: string, other: string];

  private constructor(scene: CrashScene, sealed: readonly Sealed[]) {
    this.#scene = scene;
    this.#sealed = sealed;
    this.#keys = scene.encryptionKeys;
  }

  static async prepare(scene: CrashScene): Promise<ResealRounds> {
    const sealed: Sealed[] = [];
    for (let index = 0; index < CONNECTIONS; index += 1) {
      const orgId = scene.newOwner();
      const { connectionId } = await scene.connect(orgId);
      const open = await scene.find(orgId, connectionId);
      if (open !== undefined)
        sealed.push({ orgId, connectionId, accessToken: open.grant.primary.accessToken.reveal() });
    }
    return new ResealRounds(scene, sealed);
  }

  /** The process that is killed rotates to the key that was not the active one. */
  async strike(kill: Kill): Promise<Round | undefined> {
    this.#keys = [this.#keys[1], this.#keys[0]];
    const encryptionKeys = this.#keys.join(',');
    const life = await kill.strike(this.#scene, { kind: 'reseal', encryptionKeys });
    const round = await this.#aftermath(life, kill, encryptionKeys);
    return life.killed ? round : undefined;
  }

  /** Everything opens as it was, before the rotation is run again and after; then nothing is under the old key. */
  async #aftermath(life: ProcessLife, kill: Kill, encryptionKeys: string): Promise<Round> {
    const findings = new Findings();
    await this.#checkAll(findings, 'after the kill');
    const { unopenable, contended } = await reseal(this.#scene.store, encryptionKeys);
    findings.expect(unopenable.length + contended === 0, 'corrupt', 'the rotation could not be finished');
    const keyIds = await this.#checkAll(findings, 'after the rotation was run again');
    const [activeKeyId] = encryptionKeys.split(':');
    const isDone = keyIds.size === 1 && activeKeyId !== undefined && keyIds.has(activeKeyId);
    findings.expect(isDone, 'lost', `after a rotation records are under ${[...keyIds].join(', ')}`);
    return {
      store: this.#scene.kind,
      work: 're-seal',
      ...strickenAt(life, kill.blow),
      result: findings.problems.length === 0 ? 'recovered' : 'broken',
      problems: findings.problems,
      reuses: 0,
      orphans: 0,
    };
  }

  /** @returns the keys that the records are sealed with */
  async #checkAll(findings: Findings, when: string): Promise<ReadonlySet<string>> {
    const keyIds = new Set<string>();
    for (const { orgId, connectionId, accessToken } of this.#sealed) {
      const open = await this.#scene.find(orgId, connectionId).catch(() => undefined);
      findings.expect(open !== undefined, 'corrupt', `a connection does not open ${when}`);
      if (open === undefined) continue;
      keyIds.add(open.keyId);
      findings.expect(open.grant.primary.accessToken.reveal() === accessToken, 'corrupt', `a grant is another ${when}`);
    }
    return keyIds;
  }
}
