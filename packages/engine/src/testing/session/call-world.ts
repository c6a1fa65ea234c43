/** Everything that one random call meets, as small data that shrinks well and prints as it is. */

import fc from "fast-check";
import type { Greeting } from "../../conversation/rules.ts";
import { anyBrainScript, type BrainScript } from "./faulty-brain.ts";
import { anyHearing, type Hearing } from "./faulty-ears.ts";
import { anyRealtimeWorld, type RealtimeWorld } from "./faulty-realtime.ts";
import { anyToolScript, type ToolScript } from "./faulty-tools.ts";
import { anyVoiceScript, type VoiceScript } from "./faulty-voice.ts";

export type Act =
  | { readonly do: "speak" | "wait"; readonly ms: number }
  /** The caller's packets are held up and come all at once. */
  | { readonly do: "burst"; readonly ms: number }
  /** The caller's packets are lost. */
  | { readonly do: "drop"; readonly ms: number }
  /** The process is held up. */
  | { readonly do: "stall"; readonly ms: number }
  | { readonly do: "press"; readonly digit: string }
  | { readonly do: "lose" | "return" | "hang-up" | "die" | "stop-reports" | "mute" | "unmute" | "end" }
  | { readonly do: "say"; readonly endAfter: boolean }
  | { readonly do: "inject"; readonly shouldReply: boolean };

export type CallWorld = {
  readonly acts: readonly Act[];
  /** The n-th request gets the n-th script, later ones the last. */
  readonly brain: readonly BrainScript[];
  readonly ears: readonly Hearing[];
  readonly voice: readonly VoiceScript[];
  /** Another model and another voice, without troubles, take over when the first fail. */
  readonly hasUnderstudy?: boolean;
  /** It hears and speaks in the place of the others, as long as it can. */
  readonly realtime?: RealtimeWorld | undefined;
  readonly tools: readonly ToolScript[];
  readonly leg: { readonly reportPlayback: boolean; readonly leadMs: number; readonly reportDelayMs: number };
  /** Which flushes of the journal fail: the n-th one by the n-th value, later ones succeed. */
  readonly failingFlushes: readonly boolean[];
  readonly rules: {
    readonly greeting: Greeting;
    readonly canInterrupt: boolean;
    readonly maxDurationMs: number;
    readonly contextTurns?: number | undefined;
  };
};

const only = <const Name extends string>(name: Name) => fc.constant(name);

const anyAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: only("speak"), ms: fc.constantFrom(100, 300, 900, 2_000) }) },
  { weight: 6, arbitrary: fc.record({ do: only("wait"), ms: fc.constantFrom(100, 400, 1_500, 4_000, 9_000) }) },
  { weight: 1, arbitrary: fc.record({ do: only("burst"), ms: fc.constantFrom(60, 400, 2_000) }) },
  { weight: 1, arbitrary: fc.record({ do: only("drop"), ms: fc.constantFrom(40, 300) }) },
  { weight: 1, arbitrary: fc.record({ do: only("stall"), ms: fc.constantFrom(30, 250, 3_000) }) },
  { weight: 1, arbitrary: fc.record({ do: only("press"), digit: fc.constantFrom("1", "#") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom(
        "lose" as const,
        "return" as const,
        "stop-reports" as const,
        "mute" as const,
        "unmute" as const,
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("hang-up" as const, "die" as const, "end" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: only("say"), endAfter: fc.constantFrom(false, false, true) }) },
  { weight: 1, arbitrary: fc.record({ do: only("inject"), shouldReply: fc.boolean() }) },
);

const anyGreeting = fc.constantFrom<Greeting[]>(
  { mode: "static", text: "Hello there." },
  { mode: "dynamic" },
  { mode: "off" },
);

export const anyWorld: fc.Arbitrary<CallWorld> = fc.record({
  acts: fc.array(anyAct, { maxLength: 12 }),
  brain: fc.array(anyBrainScript, { minLength: 1, maxLength: 6 }),
  ears: fc.array(anyHearing, { maxLength: 8 }),
  voice: fc.array(anyVoiceScript, { maxLength: 4 }),
  hasUnderstudy: fc.boolean(),
  realtime: fc.option(anyRealtimeWorld, { nil: undefined, freq: 4 }),
  tools: fc.array(anyToolScript, { maxLength: 3 }),
  leg: fc.record({
    reportPlayback: fc.boolean(),
    leadMs: fc.constantFrom(0, 120, 300),
    reportDelayMs: fc.constantFrom(0, 0, 60),
  }),
  failingFlushes: fc.array(fc.boolean(), { maxLength: 3 }),
  rules: fc.record({
    greeting: anyGreeting,
    canInterrupt: fc.constantFrom(true, true, false),
    maxDurationMs: fc.constantFrom(3_600_000, 3_600_000, 8_000),
    contextTurns: fc.constantFrom(undefined, 0, 1),
  }),
});
