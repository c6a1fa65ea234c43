/** Whether a client has played all that it was sent over its socket. Counts in samples. */
export class SocketDrain {
  #sent = 0;
  /** What the client will report once it has played all. */
  #target = 0;
  #played = 0;
  #sinceClear: number | undefined;

  /** By the client's count. */
  get played(): number {
    return this.#played;
  }

  get isDrained(): boolean {
    return this.#sinceClear === undefined && this.#played >= this.#target;
  }

  send(samples: number): void {
    this.#sent += samples;
    this.#target += samples;
    if (this.#sinceClear !== undefined) this.#sinceClear += samples;
  }

  /** The client was told to drop what it has not played; its next report says where it stopped. */
  clear(): void {
    this.#sinceClear = 0;
  }

  report(played: number): void {
    this.#played = played;
    if (this.#sinceClear === undefined) return;
    this.#target = played + this.#sinceClear;
    this.#sinceClear = undefined;
  }
}
