/** Which call the connections of another belong to by now. As many entries as calls that live on a line they took over. */
export class HandedOver {
  readonly #to = new Map<string, string>();

  /** The call itself when its connections are its own. */
  find(callId: string): string {
    return this.#to.get(callId) ?? callId;
  }

  note(callId: string, toCallId: string): void {
    for (const [from, to] of this.#to) if (to === callId) this.#to.set(from, toCallId);
    this.#to.set(callId, toCallId);
  }

  /** The call is over: nothing leads to it any more. */
  forget(callId: string): void {
    for (const [from, to] of this.#to) if (to === callId) this.#to.delete(from);
  }
}
