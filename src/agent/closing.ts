/** What has to be undone or closed, last thing first. */
export class Closing {
  readonly #steps: (() => void | Promise<void>)[] = [];

  add(step: () => void | Promise<void>): void {
    this.#steps.push(step);
  }

  /** All steps, even where one of them fails; the first failure is thrown at the end. Run again, it has nothing to do. */
  async run(): Promise<void> {
    let failure: { readonly error: unknown } | undefined;
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }

  /** Everything holds: there is nothing to undo any more. */
  forget(): void {
    this.#steps.length = 0;
  }
}
