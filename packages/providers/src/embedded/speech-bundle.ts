import type { MessagePort } from "node:worker_threads";
import type { LocalModel } from "../local-models/local-model.ts";

/** The workers, by what they do. */
export type SpeechRole = "voiceActivity" | "speechToText" | "voice";
export const SPEECH_ROLES: readonly SpeechRole[] = ["voiceActivity", "speechToText", "voice"];

/** Everything a thread needs to reach the speech models; to be posted with the `transferList` that comes with it. */
export type SpeechBundle = {
  readonly control: MessagePort;
  readonly lines: Readonly<Record<SpeechRole, MessagePort>>;
  /** The operator's models that could be loaded. */
  readonly localModels: readonly LocalModel[];
  /** Words and voice are by script, for load tests. */
  readonly isScripted: boolean;
};

/** What the host tells a connected thread. */
export type ControlMessage =
  | { readonly type: "line"; readonly role: SpeechRole; readonly port: MessagePort }
  | { readonly type: "abandoned"; readonly role: SpeechRole; readonly reason: string };
