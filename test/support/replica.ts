import { Program, type Ended } from './built-programs.ts';
import { freePort } from './free-port.ts';

/** The service in a process of its own that can be ended and started again at one address, with another environment. */
export class Replica {
  readonly url: string;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #cwd: string;
  #program: Program | undefined;
  #changes: Readonly<Record<string, string>> = {};

  private constructor(port: number, environment: Readonly<Record<string, string>>, cwd: string) {
    this.url = `http://localhost:${port}`;
    // Tests ask for more at once, and of fewer cores, than users do.
    const unhurried = { PACE_FACTOR: '10000', MAX_LOOP_DELAY_MS: '0' };
    this.#environment = { ...unhurried, ...environment, PORT: String(port) };
    this.#cwd = cwd;
  }

  static async start(environment: Readonly<Record<string, string>>, cwd: string): Promise<Replica> {
    const replica = new Replica(await freePort(), environment, cwd);
    await replica.start();
    return replica;
  }

  /** Everything it has said since it was started last. */
  get output(): string {
    return this.#program?.output ?? '';
  }

  /** Resolves when it is ready. @param changes to its environment, from now on */
  async start(changes = this.#changes): Promise<void> {
    this.#changes = changes;
    this.#program = new Program('dist/src/main.js', { ...this.#environment, ...changes }, this.#cwd);
    await this.#program.said('Patchbay is ready');
  }

  /** As an operator restarts it: what is under way is answered first. */
  async restart(changes = this.#changes): Promise<void> {
    await this.stop();
    await this.start(changes);
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended | undefined> {
    return this.#program?.stop(signal) ?? Promise.resolve(undefined);
  }
}
