import type { Samples } from "../audio/frame.ts";
import type { Effect } from "../conversation/effect.ts";
import type { Cast } from "./casting.ts";

type Order<T extends Effect["type"]> = Effect & { readonly type: T };

/** Who hears the caller. */
export interface Ears {
  /** Utterances whose words are still to come. */
  readonly awaitedCount: number;
  /** 20 ms of the caller. The frame is kept, not copied. */
  push(frame: Samples): void;
  /** No audio comes for now: what was being said is taken as ended. */
  interrupt(): void;
  /** Ends the utterance under way and waits for no more than the words that are due. */
  stop(): void;
  close(): void;
}

/** Who says a reply that has the floor; the playout reports to it. */
export interface Voice {
  readonly isActive: boolean;
  /** Has something heard before what is not there yet. */
  bridge(effect: Order<"fill-pause" | "play-sound">, cast: Cast): void;
  /** `reply-cancelled` follows through the playout. */
  cancel(replyId: string): void;
  /** The playout has nothing more of it for now, since then in call time. */
  onQuiet(replyId: string, sinceMs: number): void;
  /** The playout has played all it was given. */
  onPlayed(replyId: string): void;
  /** The playout has stopped as asked; `heardMs` of the reply were heard. */
  onCancelled(replyId: string, heardMs: number): void;
  close(): void;
}
