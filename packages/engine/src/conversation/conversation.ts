/** What is known of a call at one moment: two floors, what was heard, what is owed. Immutable. */

import type { ReplyPurpose } from "./effect.ts";
import type { Judgement } from "./end-of-turn/judge-turn.ts";
import type { Prosody } from "./end-of-turn/strategy.ts";
import type { EndReason } from "./end-reason.ts";
import type { TimerName } from "./event.ts";
import type { FarEnd } from "./far-end/far-end.ts";
import type { FlowState } from "./flow/flow-rules.ts";
import type { Message } from "./message.ts";
import type { RealtimeFloor } from "./realtime-floor.ts";
import type { Consent } from "./recording/consent-state.ts";
import { DEFAULT_RULES, MAIN_SCENE, type Rules } from "./rules.ts";
import type { Summary } from "./summary.ts";
import type { TransferOrder } from "./transfer-order.ts";
import type { Values } from "./values.ts";

export type Conversation = {
  readonly rules: Rules;
  readonly phase: Phase;
  readonly caller: CallerFloor;
  readonly agent: AgentFloor;
  readonly draft: Draft | undefined;
  /** As long as a realtime model hears and speaks by itself. */
  readonly realtime?: RealtimeFloor;
  /** Words that a draft was made for once: no second one. */
  readonly draftedWords: string;
  /** The caller asked for a moment. */
  readonly isOnHold: boolean;
  /** Only what was within earshot. An open reply's message grows as it is heard. */
  readonly history: readonly Utterance[];
  /** Of what the language model no longer gets word by word. */
  readonly summary?: Summary;
  readonly tools: readonly RunningTool[];
  /** The reply after which the wait for a tool became too long to pass in silence; -1: none. */
  readonly fillerDueAfter: number;
  readonly transfer: OpenTransfer | undefined;
  readonly owed: Owed;
  readonly values: Values;
  /** What the agent is at present: the name of a scene of the call's plan. */
  readonly scene: string;
  /** Where the call is in its flow, if it has one. */
  readonly flow?: FlowState;
  /** What the greeting still waits for. */
  readonly greeting: GreetingState;
  /** Where somebody must be told, or asked, before the recording begins. */
  readonly consent?: Consent;
  /** By order: what is said meanwhile is not kept. */
  readonly isRecordingPaused?: true;
  /** Who has picked up, on calls in which that may be a machine. */
  readonly farEnd?: FarEnd;
  readonly timers: Readonly<Partial<Record<TimerName, number>>>;
  readonly leg: "connected" | "lost";
  /** The agent listens and says nothing but what it is told to say. */
  readonly isMuted: boolean;
  readonly count: {
    readonly replies: number;
    readonly timers: number;
    readonly reminders: number;
    readonly failures: number;
    readonly transfers: number;
  };
};

/**
 *   waiting --call-started--> open --goodbye or end_call--> closing --reply over--> ended
 *                              ^----- the caller speaks up -----'
 */
export type Phase =
  | { readonly name: "waiting" | "open" }
  | {
      readonly name: "closing";
      readonly reason: EndReason;
      /** Still to be said. */
      readonly goodbye?: string;
      /** What the caller says changes nothing. */
      readonly isForGood?: true;
    }
  | { readonly name: "ended"; readonly reason: EndReason };

/**
 *   delayed --time, or "hello?"--> settled <--"hello?"-- awaits-words
 *      '----the caller says more than that---^'
 */
export type GreetingState = "delayed" | "awaits-words" | "settled";

export type CallerFloor = {
  readonly state: "quiet" | "talking";
  /** The newest utterance; 0 before the first. */
  readonly utteranceId: number;
  /** The reply that the newest utterance began over, audible or not. */
  readonly overReplyId: string | undefined;
  /** Words and digits since the last answered turn. */
  readonly words: string;
  /** Words of the utterance under way, as far as they are known. */
  readonly partial: string;
  /** They were a backchannel's at some time. */
  readonly hasFollowed: boolean;
  /** How often in a row, up to now, they were none. */
  readonly claims: number;
  /** What they are if the caller has finished. */
  readonly probable: string;
  /** Utterances that ended and whose words are not known yet. */
  readonly awaited: readonly number[];
  /** Up to this utterance, words that still have not come are not waited for. */
  readonly givenUp: number;
  readonly turnStartedAtMs: number;
  readonly firstSampleAtMs: number;
  readonly lastSampleAtMs: number;
  /** Of this caller, inside turns, where the turn looked finished, ms. */
  readonly pauses: readonly number[];
  /** Of this turn, ms: how fast it is dictated. */
  readonly turnPauses: readonly number[];
  /** Of the newest pause. */
  readonly judgement: Judgement | undefined;
  readonly prosody: Prosody | undefined;
  /** The recogniser's probability that the turn is over. */
  readonly predicted: number | undefined;
  readonly backchannelAtMs: number;
};

/**
 *   idle --start-reply--> preparing --first sample--> talking --played out--> idle
 *                             '--cancel-reply--> stopping <--'  --reply-cancelled--> idle
 */
export type AgentFloor =
  | { readonly state: "idle" }
  | { readonly state: "preparing" | "talking" | "stopping"; readonly reply: OpenReply };

export type OpenReply = {
  readonly id: string;
  readonly purpose: ReplyPurpose;
  readonly say?: string;
  /** Sentences generated so far. */
  readonly text: string;
  /** Cut off by an order from outside: what was not heard of it is not said later. */
  readonly isOverruled?: true;
  /** Lowered, or held back, while it is open whether the caller wants the floor. */
  readonly isDucked?: true;
  /** The model has given a sentence of its own. */
  readonly hasText?: true;
  /** How often a pause in it was bridged. */
  readonly bridges?: number;
  /** The newest words that bridged a pause, and what had been heard before them; counts of words. */
  readonly filler?: { readonly words: number; readonly heardBefore: number; readonly ownBefore: number };
  /** Since then nothing of it was heard, and it isn't over. */
  readonly quietSinceMs?: number;
};

/** An answer begun before the caller's turn was over, for the words that it seemed to end with. */
export type Draft = { readonly reply: OpenReply; readonly words: string };

/** A message, and the reply that it belongs to. */
export type Utterance = Message & {
  readonly replyId?: string;
  /** Said by order from outside the call: no answer to what was said before it. */
  readonly isAnnouncement?: true;
  /** Said while a tool was waited for. */
  readonly isFiller?: true;
  /** A tool's result that came when the conversation had gone on. */
  readonly isLate?: true;
  readonly atMs: number;
};

export type RunningTool = {
  readonly id: string;
  readonly replyId: string;
  readonly name: string;
  /** JSON text as the model wrote it. */
  readonly arguments: string;
  /** Nobody waits for it. */
  readonly isAsync?: true;
  /** It has left the rest to the rules. */
  readonly isOrdered?: true;
  /** What may still be said while the caller waits. */
  readonly fillers: readonly string[];
};

export type OpenTransfer = {
  readonly id: string;
  readonly order: TransferOrder;
  readonly toolCallId?: string;
  readonly state: "announced" | "under-way";
};

/** What the agent must still say once both floors are free. */
export type Owed = {
  /** Words that somebody outside the call wants said, before anything else. */
  readonly announcement: string;
  /** What the flow wants said on the way. */
  readonly line: string;
  /** The caller, or a tool, waits for an answer. */
  readonly answer: boolean;
  /** A greeting by the model was stopped before it was heard. */
  readonly greeting: boolean;
  /** A model failed; the caller should say it again. */
  readonly apology: boolean;
  /** Words cut off by a sound without words. */
  readonly remainder: string;
  /** That the longest time is nearly over. */
  readonly warning: string;
};

export const NOTHING_OWED: Owed = {
  announcement: "",
  line: "",
  answer: false,
  greeting: false,
  apology: false,
  remainder: "",
  warning: "",
};

export function newConversation(): Conversation {
  return {
    rules: DEFAULT_RULES,
    phase: { name: "waiting" },
    caller: {
      state: "quiet",
      utteranceId: 0,
      overReplyId: undefined,
      words: "",
      partial: "",
      hasFollowed: false,
      claims: 0,
      probable: "",
      awaited: [],
      givenUp: 0,
      turnStartedAtMs: 0,
      firstSampleAtMs: 0,
      lastSampleAtMs: 0,
      pauses: [],
      turnPauses: [],
      judgement: undefined,
      prosody: undefined,
      predicted: undefined,
      backchannelAtMs: 0,
    },
    agent: { state: "idle" },
    draft: undefined,
    draftedWords: "",
    isOnHold: false,
    history: [],
    tools: [],
    fillerDueAfter: -1,
    transfer: undefined,
    owed: NOTHING_OWED,
    values: {},
    scene: MAIN_SCENE,
    greeting: "settled",
    timers: {},
    leg: "connected",
    isMuted: false,
    count: { replies: 0, timers: 0, reminders: 0, failures: 0, transfers: 0 },
  };
}

/** The reply that holds the floor, if it is `replyId`. */
export function findOpenReply(now: Conversation, replyId: string): OpenReply | undefined {
  return now.agent.state !== "idle" && now.agent.reply.id === replyId ? now.agent.reply : undefined;
}

/** Whether the model asked for this tool run before, in this call. */
export function hasToolCall(now: Conversation, toolCallId: string): boolean {
  return now.history.some((said) => said.role === "agent" && said.toolCalls?.some((call) => call.id === toolCallId));
}
