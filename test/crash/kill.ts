import type { Blow, Task } from './crash-job.ts';
import type { ProcessLife } from './crashed-process.ts';
import type { CrashScene } from './crash-scene.ts';
import type { Ledger } from './provider-witness.ts';

/** One way to kill a process at its work. */
export abstract class Kill {
  readonly blow: Blow | undefined = undefined;
  /** How many answers of the token endpoint are lost when any is. */
  readonly lostAnswers: number = 1;

  /** For a report of kills that came too late. */
  abstract readonly name: string;

  /** @param ledger that the task's token requests are entered in, when it has any */
  abstract strike(scene: CrashScene, task: Task, ledger?: Ledger): Promise<ProcessLife>;
}

/** At a step, by itself. */
export class KillAtStep extends Kill {
  override readonly blow: Blow;

  constructor(blow: Blow) {
    super();
    this.blow = blow;
  }

  override get name(): string {
    return `${this.blow.when} step ${this.blow.step}`;
  }

  strike(scene: CrashScene, task: Task): Promise<ProcessLife> {
    return scene.start(task, this.blow).life();
  }
}

/** From outside, at no particular step. */
export class KillAtTime extends Kill {
  override readonly name = 'at some time';
  readonly #afterMs: number;

  constructor(afterMs: number) {
    super();
    this.#afterMs = afterMs;
  }

  strike(scene: CrashScene, task: Task): Promise<ProcessLife> {
    const process = scene.start(task);
    process.killAfter(this.#afterMs);
    return process.life();
  }
}

/** While the provider has its token request, which it acts on all the same, now or later. */
export class KillAtProvider extends Kill {
  readonly #killAfterMs: number;
  readonly #actAfterMs: number;

  constructor(killAfterMs: number, actAfterMs: number) {
    super();
    this.#killAfterMs = killAfterMs;
    this.#actAfterMs = actAfterMs;
  }

  override get name(): string {
    return `${this.#killAfterMs} ms into a token request that is acted on after ${this.#actAfterMs} ms`;
  }

  strike(scene: CrashScene, task: Task, ledger?: Ledger): Promise<ProcessLife> {
    if (ledger === undefined) throw new Error('This task asks the provider nothing.');
    const process = scene.start(task);
    const kill = () => process.kill();
    ledger.ambush = { killAfterMs: this.#killAfterMs, actAfterMs: this.#actAfterMs, kill };
    return process.life();
  }
}

/** Not at all: to see which steps there are. */
export class NoKill extends Kill {
  override readonly name = 'never';
  #life: ProcessLife | undefined;

  /** What was done. */
  get course(): ProcessLife {
    if (this.#life === undefined || this.#life.steps.length === 0) throw new Error('Nothing was done.');
    return this.#life;
  }

  async strike(scene: CrashScene, task: Task): Promise<ProcessLife> {
    this.#life = await scene.start(task).life();
    return this.#life;
  }
}

/** At a step, and its next caller too, while the provider has the token request of that one. */
export class KillTwice extends Kill {
  override readonly lostAnswers: number;
  readonly #first: Blow;

  constructor(first: Blow) {
    super();
    this.#first = first;
    this.lostAnswers = first.when === 'before' ? 1 : 2;
  }

  override get name(): string {
    return `twice, first ${this.#first.when} step ${this.#first.step}`;
  }

  async strike(scene: CrashScene, task: Task, ledger?: Ledger): Promise<ProcessLife> {
    const first = await scene.start(task, this.#first).life();
    return first.killed ? new KillAtProvider(0, 0).strike(scene, task, ledger) : first;
  }
}
