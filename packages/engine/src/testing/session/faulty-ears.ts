/** A recogniser that is slow, fails, never answers or answers twice. */

import fc from "fast-check";
import { ProviderError } from "../../models/provider-error.ts";
import type {
  SpeechToText,
  SpeechToTextEvent,
  SpeechToTextOptions,
  SpeechToTextStream,
} from "../../models/speech-to-text.ts";
import type { Clock } from "../../session/clock.ts";

export type Hearing =
  | { readonly words: string; readonly partial?: string; readonly afterMs: number; readonly isTwice?: boolean }
  | { readonly fails: true; readonly afterMs: number }
  | { readonly never: true };

const anyWords = fc.constantFrom("What are your hours?", "I want to book a table", "", "mm-hmm", "and", "no");

export const anyHearing: fc.Arbitrary<Hearing> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record(
      {
        words: anyWords,
        partial: fc.constantFrom("what are", "mm-hmm", ""),
        afterMs: fc.constantFrom(0, 100, 100, 2_500),
        isTwice: fc.constantFrom(false, false, true),
      },
      { requiredKeys: ["words", "afterMs"] },
    ),
  },
  { weight: 1, arbitrary: fc.record({ fails: fc.constant(true as const), afterMs: fc.constantFrom(0, 400) }) },
  { weight: 1, arbitrary: fc.constant({ never: true } as const) },
);

export class FaultyEars implements SpeechToText {
  readonly name = "fuzz/ears";
  readonly #hearings: readonly Hearing[];
  readonly #clock: Clock;

  constructor(hearings: readonly Hearing[], clock: Clock) {
    this.#hearings = hearings;
    this.#clock = clock;
  }

  open({ onEvent }: SpeechToTextOptions): SpeechToTextStream {
    let isClosed = false;
    let next = -1;
    let lastAtMs = 0;
    const hearing = () => this.#hearings[next] ?? { words: "", afterMs: 100 };
    const tell = (afterMs: number, ...events: readonly SpeechToTextEvent[]) => {
      lastAtMs = Math.max(lastAtMs, this.#clock.nowMs() + afterMs);
      this.#clock.after(lastAtMs - this.#clock.nowMs(), () => {
        for (const event of events) if (!isClosed) onEvent(event);
      });
    };
    return {
      begin: (utteranceId) => {
        const now = this.#hearings[++next];
        if (now && "partial" in now && now.partial !== undefined)
          this.#clock.after(120, () => {
            if (!isClosed && now.partial !== undefined) onEvent({ type: "partial", utteranceId, text: now.partial });
          });
      },
      push: () => {},
      end: (utteranceId) => {
        const now = hearing();
        if ("never" in now) return;
        if ("fails" in now) return tell(now.afterMs, { type: "failed", utteranceId, error: this.#gone() });
        const final = { type: "final", utteranceId, text: now.words, modelMs: now.afterMs } as const;
        tell(now.afterMs, final, ...(now.isTwice ? [final] : []));
      },
      close: () => {
        isClosed = true;
      },
    };
  }

  #gone(): ProviderError {
    return new ProviderError({ provider: this.name, stage: "speech-to-text", kind: "internal", message: "gone" });
  }
}
