import type { Clock, Samples } from "@earshot/engine";
import type { Earshot } from "@earshot/sdk";
import type { CallerVoice, CallerVoiceOptions } from "../callers/caller-voice.ts";
import type { Connection } from "./caller-model.ts";
import type { AgentBook } from "./find-agent.ts";
import type { RehearsedCall } from "./rehearsal.ts";

/** What a rehearsal is given to work with. */
export type Surroundings = {
  readonly client: Earshot;
  /** Where callers with a goal find their language model. */
  readonly connection: Connection;
  readonly clock: Clock;
  /** Aborted: the calls under way are hung up. */
  readonly interrupted: AbortSignal;
  /** Gets what was sent and what was heard, 16 kHz, in time with each other. */
  readonly onSound?: (call: RehearsedCall, sound: { caller: Samples; agent: Samples }) => Promise<void>;
};

/** What the calls of a rehearsal share. */
export type Stage = Surroundings & {
  readonly agents: AgentBook;
  readonly voiceOf: (options: CallerVoiceOptions) => CallerVoice;
  readonly findCallerModel: () => Promise<string>;
};
