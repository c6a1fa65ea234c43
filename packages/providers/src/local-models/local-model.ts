import type { Voice } from "@earshot/engine";

export type LocalModelFamily =
  | "vits"
  | "kokoro"
  | "kitten"
  | "matcha"
  | "transducer"
  | "whisper"
  | "paraformer"
  | "nemo-ctc"
  | "sense-voice"
  | "moonshine"
  | "gguf";

/** A model that the operator has put into the models folder. */
export type LocalModel = {
  /** "local/<folder>". */
  readonly name: string;
  readonly kind: "text-to-speech" | "speech-to-text" | "language-model";
  /** Undefined where the files fit no known family; `problem` says what was expected. */
  readonly family?: LocalModelFamily;
  /** Folder, or the file itself for a GGUF. */
  readonly path: string;
  /** Paths of the parts by role, e.g. { encoder, decoder, tokens }. */
  readonly files: Readonly<Record<string, string>>;
  /** Known once a text to speech model is loaded. */
  readonly voices?: readonly Voice[];
  /** What is missing or wrong and how to mend it; absent when the model can be used. */
  readonly problem?: string;
};
