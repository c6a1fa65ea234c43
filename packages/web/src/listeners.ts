/** Listeners by the name of what they wait for. One that throws keeps no other from hearing. */
export class Listeners<Events> {
  readonly #byName = new Map<keyof Events, Set<(detail: never) => void>>();

  /** Calls back at each; the returned function stops that. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    const listeners = this.#byName.get(name) ?? new Set();
    this.#byName.set(name, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  off<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): void {
    this.#byName.get(name)?.delete(listener);
  }

  has(name: keyof Events): boolean {
    return (this.#byName.get(name)?.size ?? 0) > 0;
  }

  tell<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of [...(this.#byName.get(name) ?? [])])
      try {
        listener(detail as never);
      } catch (error) {
        reportError(error);
      }
  }
}
