/** A value that tells its watchers when it is replaced; fits React's `useSyncExternalStore`. */
export class Observable<T> {
  /** What it is before anything has happened: what a page shows that was drawn when it was built. */
  readonly initial: T;
  #value: T;
  readonly #watchers = new Set<() => void>();

  constructor(initial: T) {
    this.initial = initial;
    this.#value = initial;
  }

  readonly get = (): T => this.#value;

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  set(value: T): void {
    this.#value = value;
    for (const watcher of this.#watchers) watcher();
  }
}
