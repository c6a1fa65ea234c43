/** What may happen to a conversation, as small data that shrinks well. */

import fc from "fast-check";
import type { ToolConduct } from "../../conversation/tool-conduct.ts";
import type { ToolOrder } from "../../conversation/tool-order.ts";
import type { TransferOutcome } from "../../conversation/transfer-order.ts";
import { STEPS } from "./any-flow.ts";
import { anyFarEndStimulus, type FarEndStimulus } from "./far-end-stimuli.ts";

/** Orders from outside the call. */
export type OutsideStimulus =
  | { readonly do: "mute" | "unmute" | "pause-recording" | "resume-recording" | "end-by-api" }
  | { readonly do: "request-say"; readonly words: string; readonly endAfter: boolean }
  | { readonly do: "inject"; readonly words: string; readonly shouldReply: boolean };

export type Stimulus =
  | FarEndStimulus
  | OutsideStimulus
  | { readonly do: "wait"; readonly ms: number }
  | {
      readonly do:
        | "start-speaking"
        | "stop-speaking"
        | "lose-leg"
        | "resume-leg"
        | "hang-up"
        | "offer-reply"
        /** The caller says something, and the model has an answer before anybody knows the words. */
        | "ask-model"
        | "lose-model";
    }
  | { readonly do: "recognise"; readonly words: string }
  /** A short utterance, recognised at once. */
  | { readonly do: "interject"; readonly words: string }
  | { readonly do: "recognise-partly"; readonly words: string }
  | { readonly do: "seem-finished"; readonly words: string }
  | { readonly do: "predict"; readonly probability: number }
  | { readonly do: "fail-to-recognise" }
  | { readonly do: "press"; readonly digit: string }
  | { readonly do: "sentence"; readonly words: string }
  | { readonly do: "play"; readonly words: number }
  /** Nothing more of the reply is there to be played since `agoMs` before now. */
  | { readonly do: "go-quiet"; readonly agoMs: number }
  | { readonly do: "fail-reply"; readonly isRetryable: boolean }
  | {
      readonly do: "ask-tool";
      readonly id: number;
      readonly name: string;
      readonly people: number;
      readonly conduct: ToolConduct;
    }
  /** The model wants to follow an edge of a flow. */
  | { readonly do: "ask-step"; readonly id: number; readonly name: string }
  | { readonly do: "finish-tool"; readonly outcome: "succeeded" | "failed"; readonly isQuiet: boolean }
  | { readonly do: "order-by-tool"; readonly order: ToolOrder }
  | { readonly do: "lose-tool-server"; readonly isRequired: boolean }
  | { readonly do: "request-transfer"; readonly say: string | undefined }
  | { readonly do: "finish-transfer"; readonly outcome: TransferOutcome }
  | { readonly do: "learn"; readonly value: string }
  /** Of what was said up to `agoMs` before now; older than the last one, it changes nothing. */
  | { readonly do: "summarise"; readonly agoMs: number }
  /** A fact that belongs to something that is over, or never was. */
  | { readonly do: "stale"; readonly what: StaleFact; readonly number: number };

export const STALE_FACTS = [
  "timer",
  "reply-started",
  "reply-went-quiet",
  "reply-went-on",
  "reply-sentence",
  "reply-heard",
  "reply-ended",
  "reply-cancelled",
  "reply-failed",
  "tool-requested",
  "tool-finished",
  "tool-ordered",
  "transfer-finished",
  "transcript",
  "transcript-failed",
  "partial",
  "probable",
  "predicted",
  "speech-started",
  "speech-ended",
  "reply-offered",
  "realtime-failed",
  "call-started",
] as const;

export type StaleFact = (typeof STALE_FACTS)[number];

const WORDS = ["yes please", "I would like a table and", "mm-hmm", "", "what are your hours?", "no"] as const;

const words = fc.constantFrom(...WORDS);
const say = fc.constantFrom("I'll put you through.", undefined);

const anyConduct = fc.constantFrom<ToolConduct[]>(
  {},
  { isAsync: true },
  { fillers: ["One moment."] },
  { fillers: ["One moment.", "Still looking."] },
);

const anyOrder = fc.constantFrom<ToolOrder[]>(
  { type: "send-digits", digits: "12#" },
  { type: "end-call" },
  { type: "pause-recording" },
  { type: "end-call", say: "Please call us back." },
  { type: "transfer", destination: "+12125550100", mode: "cold", say: "I'll put you through." },
  { type: "transfer", destination: "+12125550100", mode: "warm", briefing: "A table for two." },
);

export const anyStimulus: fc.Arbitrary<Stimulus> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant("wait" as const), ms: fc.constantFrom(50, 300, 700, 2_000, 11_000) }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("start-speaking" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("stop-speaking" as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant("recognise" as const), words }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("interject" as const), words }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("recognise-partly" as const), words }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("seem-finished" as const), words }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("predict" as const), probability: fc.constantFrom(0, 0.5, 1) }),
  },
  { weight: 4, arbitrary: fc.constantFrom<Stimulus[]>({ do: "offer-reply" }, { do: "ask-model" }) },
  { weight: 1, arbitrary: fc.constant<Stimulus>({ do: "lose-model" }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fail-to-recognise" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("press" as const), digit: fc.constantFrom("1", "#") }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("sentence" as const),
      words: fc.constantFrom("One two three.", "Four five."),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("play" as const), words: fc.integer({ min: 0, max: 5 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("go-quiet" as const), agoMs: fc.constantFrom(0, 200) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("fail-reply" as const), isRetryable: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("ask-tool" as const),
      id: fc.integer({ min: 1, max: 3 }),
      name: fc.constantFrom("book", "book", "end_call", "remember"),
      people: fc.constantFrom(2, 4),
      conduct: anyConduct,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("finish-tool" as const),
      outcome: fc.constantFrom("succeeded" as const, "failed" as const),
      isQuiet: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("order-by-tool" as const), order: anyOrder }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("lose-tool-server" as const),
      isRequired: fc.constantFrom(false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("request-transfer" as const), say }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("finish-transfer" as const),
      outcome: fc.constantFrom<TransferOutcome[]>("answered", "busy", "not-supported"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("ask-step" as const),
      id: fc.integer({ min: 1, max: 5 }),
      name: fc.constantFrom(...STEPS),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("summarise" as const), agoMs: fc.constantFrom(0, 100, 1_000, 20_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("learn" as const), value: fc.constantFrom("good", "bad") }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("request-say" as const),
      words: fc.constantFrom("Please hold on.", "A word from our house.", " "),
      endAfter: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant("inject" as const),
      words: fc.constantFrom("The caller has paid.", "Offer a discount.", ""),
      shouldReply: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Stimulus[]>({ do: "mute" }, { do: "unmute" }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Stimulus[]>({ do: "pause-recording" }, { do: "resume-recording" }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("stale" as const),
      what: fc.constantFrom(...STALE_FACTS),
      number: fc.integer({ min: 0, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom<Stimulus[]>({ do: "lose-leg" }, { do: "resume-leg" }) },
  { weight: 1, arbitrary: fc.constantFrom<Stimulus[]>({ do: "hang-up" }, { do: "end-by-api" }) },
  { weight: 4, arbitrary: anyFarEndStimulus },
);
