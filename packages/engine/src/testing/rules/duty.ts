import { countWords } from "../../conversation/words.ts";
import { BrokenRule, type SpokenReply, wasAnswered } from "./promises.ts";

/** Rule 6: what somebody waits for an answer to. */
export class Duty {
  #due: "retry" | "apology" | "second announcement" | undefined;
  #owed: string | undefined;
  #announcements: string[] = [];

  get owed(): string | undefined {
    return this.#owed ?? this.#announcements[0];
  }

  get hasAnnouncement(): boolean {
    return this.#announcements.length > 0;
  }

  /** The caller's own words, given in quotes, weigh more than anything else. */
  owe(what: string): void {
    if (this.#owed === undefined || this.#owed === REST || what.startsWith('"')) this.#owed = what;
  }

  announce(words: string): void {
    this.#announcements.push(words);
  }

  /** An order from outside the call takes the floor: nobody waits for the rest of anything. */
  overrule(): void {
    if (this.#owed === REST) this.done();
  }

  mute(): void {
    this.#announcements = [];
    this.overrule();
  }

  done(): void {
    this.#owed = undefined;
  }

  /** What the caller said was an answer itself: it wants none. */
  answered(): void {
    if (this.#owed?.startsWith('"')) this.done();
  }

  /** There is nobody who could wait. */
  excuse(): void {
    this.#due = undefined;
    this.done();
  }

  /** A reply was stopped and nothing of it was heard. */
  afterCut(reply: SpokenReply): void {
    const { purpose, generated, isScripted, isOverruled } = reply;
    if (wasAnswered(reply)) return;
    const isAnswer = purpose === "answer" || (isOverruled && purpose === "apology");
    if (isAnswer || (purpose === "greeting" && !isScripted)) this.owe("what a stopped reply was to answer");
    if (purpose === "line") this.owe("a line of the flow");
    if (purpose === "announcement" && !isOverruled) this.announce(generated.join(" "));
  }

  /** A reply failed and must be tried once more, unless the caller must say it again anyway. */
  afterFailure(reply: SpokenReply, isRetried: boolean): void {
    if (reply.purpose === "filler") return;
    if (!isRetried) {
      this.apologyIsDue();
      return this.owe("an apology for a failed reply");
    }
    if (!reply.isOverruled) this.#due ??= reply.purpose === "announcement" ? "second announcement" : "retry";
    this.afterCut(reply);
    const hasRest = reply.purpose === "resume" || (reply.purpose === "answer" && wasAnswered(reply));
    if (hasRest && !reply.isOverruled) this.#owed ??= REST;
  }

  apologyIsDue(): void {
    this.#due = "apology";
  }

  onReply({ id, purpose, generated }: SpokenReply): void {
    if (purpose === "announcement") return this.#onAnnouncement(id, generated.join(" "));
    if (this.#announcements.length > 0) throw new BrokenRule(6, `${id} began before the announcement`);
    if (purpose === "apology" && this.#due === "retry") throw new BrokenRule(6, "an apology instead of a second try");
    if (purpose === "filler" && !this.#owed?.startsWith('"')) return;
    this.#due = undefined;
    const isHello = purpose === "greeting" && countWords(this.#owed ?? "") <= 3;
    const isAnswer = isHello || ["answer", "line", "apology", "goodbye", "consent"].includes(purpose);
    if (!isAnswer && this.#owed?.startsWith('"'))
      throw new BrokenRule(6, `${id} is a ${purpose}, and no answer to ${this.#owed}`);
    this.done();
  }

  #onAnnouncement(replyId: string, words: string): void {
    if (words !== this.#announcements.join(" "))
      throw new BrokenRule(6, `${replyId} announces "${words}" instead of "${this.#announcements.join(" ")}"`);
    this.#announcements = [];
    if (this.#due === "second announcement") this.#due = undefined;
  }
}

const REST = "the rest of a reply";
