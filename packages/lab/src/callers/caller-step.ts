import type { JournalEntry } from "@earshot/sdk";
import type { MadeSound } from "../sound/made-sounds.ts";
import type { Moment } from "./moment.ts";

/** One thing that a scripted caller does. */
export type CallerStep =
  | {
      readonly kind: "say";
      readonly text: string;
      /** A `turn` and an `interruption` want an answer; a `backchannel` and a `machine` want none. */
      readonly manner: "turn" | "interruption" | "backchannel" | "machine";
      readonly when: Moment;
    }
  | { readonly kind: "sound"; readonly sound: MadeSound; readonly when: Moment }
  | { readonly kind: "press"; readonly digits: string; readonly when: Moment }
  /** Says nothing for so long, whatever the agent does. */
  | { readonly kind: "wait"; readonly ms: number }
  /** The agent must have said this since the caller's last words. */
  | { readonly kind: "hear"; readonly pattern: string; readonly when: Moment }
  | { readonly kind: "menu"; readonly menus: Readonly<Record<string, IvrMenu>>; readonly begin: string }
  | { readonly kind: "hang-up"; readonly when: Moment }
  /** The agent is to end the call within so long. */
  | { readonly kind: "await-end"; readonly withinMs: number };

/** A menu of a switchboard that the agent has called. */
export type IvrMenu = {
  readonly prompt: string;
  /** Where each key leads: another menu, "connect" (a person answers) or "hang-up". */
  readonly keys: Readonly<Record<string, string>>;
};

/** What a caller is told. */
export type CallerInput =
  /** 20 ms have passed. */
  | { readonly type: "tick"; readonly isAgentAudible: boolean; readonly isCallerSpeaking: boolean }
  | { readonly type: "entry"; readonly entry: JournalEntry }
  /** What a goal caller decided to do next. */
  | { readonly type: "thought"; readonly thought: Thought }
  | { readonly type: "interrupt" }
  | { readonly type: "closed"; readonly reason: string };

/** What a caller wants done. */
export type CallerOrder =
  | { readonly type: "say"; readonly text: string }
  | { readonly type: "sound"; readonly sound: MadeSound }
  /** Stop speaking at once. */
  | { readonly type: "hush" }
  | { readonly type: "press"; readonly digit: string }
  | { readonly type: "think"; readonly heard: string }
  | { readonly type: "hang-up" }
  /** The far end does not close: drop the connection. */
  | { readonly type: "drop" };

export type Thought =
  | { readonly do: "say"; readonly text: string }
  | { readonly do: "press"; readonly digits: string }
  | { readonly do: "hang-up"; readonly text?: string };

/** What a caller did, and when. */
export type Mark = {
  readonly did: "said" | "interrupted" | "backchannelled" | "sounded" | "pressed" | "menu" | "hung-up";
  readonly what: string;
  readonly startMs: number;
  /** Absent while it is under way. */
  readonly endMs?: number;
};

/** What a `hear` step found. */
export type HeardCheck = {
  readonly pattern: string;
  readonly heard: string;
  readonly hasPassed: boolean;
  readonly atMs: number;
};
