/**
 * What the shared driver of the engine benchmark wants of an engine, and what it gives to one. The driver lives outside
 * the repository: this is the twin of its `src/driver/engine.ts`.
 */

import type { Samples } from "@earshot/engine";

export type EngineUnderTest = {
  readonly name: string;
  /** Once a process, before any call: loads models. */
  init(options: Readonly<Record<string, string>>): Promise<void>;
  start(callId: string, services: CallServices): Promise<CallUnderTest>;
  close(): Promise<void>;
};

export type CallUnderTest = {
  /** 20 ms of the caller, 16 kHz mono. The engine owns the array. */
  pushFrame(frame: Samples): void;
  stop(): Promise<void>;
};

export type CallServices = {
  readonly stt: RecogniserService;
  readonly llm: WordService;
  readonly tts: VoiceService;
  readonly sink: AudioSink;
};

/** Is fed every sample of the caller once, in order; calls back when words are due. */
export type RecogniserService = {
  onEvent: (event: { readonly type: "interim" | "final"; readonly text: string }) => void;
  pushSamples(count: number): void;
};

export type DriverMessage = { readonly role: "system" | "user" | "assistant"; readonly text: string };

export type WordService = {
  /** Returns what cancels the request. */
  request(messages: DriverMessage[], onWord: (text: string) => void, onDone: () => void): () => void;
};

export type VoiceService = {
  /** Audio is 24 kHz mono. */
  open(onAudio: (samples: Samples, isLast: boolean) => void): VoiceStream;
};

export type VoiceStream = {
  pushText(text: string): void;
  endText(): void;
  cancel(): void;
};

/** The far end's loudspeaker, 24 kHz mono: plays in real time from the first write and holds any amount. */
export type AudioSink = {
  write(samples: Samples): void;
  /** No more audio comes for this reply. */
  endSegment(done: (playedMs: number, wasInterrupted: boolean) => void): void;
  /** Drops what is held. */
  clear(): void;
};
