/** What has to be closed at the end, and what has to be undone where the whole does not come about: last thing first. */
export class Closing {
  #steps: { readonly step: () => void | Promise<void>; readonly isUndoing: boolean }[] = [];

  /** Closes something, whatever comes. */
  add(step: () => void | Promise<void>): void {
    this.#steps.push({ step, isUndoing: false });
  }

  /** Takes something back, unless `keep` is called. */
  addUndoing(step: () => void | Promise<void>): void {
    this.#steps.push({ step, isUndoing: true });
  }

  /** Everything came about: nothing is to be undone. */
  keep(): void {
    this.#steps = this.#steps.filter(({ isUndoing }) => !isUndoing);
  }

  /** All steps, even where one of them fails; the first failure is thrown at the end. Run again, it has nothing to do. */
  async run(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (let next = this.#steps.pop(); next !== undefined; next = this.#steps.pop()) {
      try {
        await next.step();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }
}
