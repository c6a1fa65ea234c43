import { BrokenRule } from "./promises.ts";

/** Rule 6: what somebody waits for an answer to. */
export class Duty {
  #due: "retry" | "apology" | undefined;
  #owed: string | undefined;

  get owed(): string | undefined {
    return this.#owed;
  }

  /** The caller's own words, given in quotes, weigh more than anything else. */
  owe(what: string): void {
    if (this.#owed === undefined || what.startsWith('"')) this.#owed = what;
  }

  done(): void {
    this.#owed = undefined;
  }

  /** A reply failed and must be tried once more, unless the caller must say it again anyway. */
  retryIsDue(): void {
    this.#due ??= "retry";
  }

  apologyIsDue(): void {
    this.#due = "apology";
  }

  onReply(replyId: string, purpose: string): void {
    if (purpose === "apology" && this.#due === "retry") throw new BrokenRule(6, "an apology instead of a second try");
    this.#due = undefined;
    const isAnswer = purpose === "answer" || purpose === "apology" || purpose === "goodbye";
    if (!isAnswer && this.#owed?.startsWith('"'))
      throw new BrokenRule(6, `${replyId} is a ${purpose}, and no answer to ${this.#owed}`);
    this.done();
  }
}
