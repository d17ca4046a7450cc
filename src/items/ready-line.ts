/** What is ready first comes first, however long the others take. */
export class ReadyLine<Value> {
  readonly #ready: Value[] = [];
  #wake: ((value: Value) => void) | undefined;

  add(value: Value): void {
    if (this.#wake === undefined) this.#ready.push(value);
    else {
      const wake = this.#wake;
      this.#wake = undefined;
      wake(value);
    }
  }

  /** For one reader at a time. */
  next(): Promise<Value> {
    const value = this.#ready.shift();
    if (value !== undefined) return Promise.resolve(value);
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}
