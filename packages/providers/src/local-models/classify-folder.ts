import path from "node:path";
import type { LocalModel, LocalModelFamily } from "./local-model.ts";

export type ModelFolder = {
  readonly name: string;
  readonly folder: string;
  /** Names inside the folder. */
  readonly files: readonly string[];
  /** Paths of ONNX files that lie beside the folder. */
  readonly beside: readonly string[];
};

type Part = { readonly role: string; readonly pattern: RegExp; readonly isOptional?: true; readonly like: string };
type Family = {
  readonly family: LocalModelFamily;
  readonly kind: LocalModel["kind"];
  /** Whether a folder is meant to be of this family, complete or not. */
  readonly fits: (folder: ModelFolder) => boolean;
  readonly parts: readonly Part[];
};

const TOKENS: Part = { role: "tokens", pattern: /^(.*-)?tokens\.txt$/, like: "tokens.txt" };
const ESPEAK: Part = { role: "dataDir", pattern: /^espeak-ng-data$/, like: "the folder espeak-ng-data" };
const MAYBE_ESPEAK: Part = { ...ESPEAK, isOptional: true };
const LEXICON: Part = { role: "lexicon", pattern: /^lexicon.*\.txt$/, like: "lexicon.txt", isOptional: true };
const VOICES: Part = { role: "voices", pattern: /^voices\.bin$/, like: "voices.bin" };
const MODEL: Part = { role: "model", pattern: /\.onnx$/, like: "model.onnx" };

/** In the order in which they are tried: a folder is of the first family that it fits. */
const FAMILIES: readonly Family[] = [
  {
    family: "moonshine",
    kind: "speech-to-text",
    fits: ({ name, files }) => /moonshine/i.test(name) || hasFile(files, /^cached_decode.*\.onnx$/),
    parts: [
      { role: "encoder", pattern: /^encode(r_model)?(\.int8)?\.(onnx|ort)$/, like: "encode.int8.onnx" },
      { role: "preprocessor", pattern: /^preprocess.*\.onnx$/, like: "preprocess.onnx", isOptional: true },
      {
        role: "uncachedDecoder",
        pattern: /^uncached_decode.*\.onnx$/,
        like: "uncached_decode.int8.onnx",
        isOptional: true,
      },
      { role: "cachedDecoder", pattern: /^cached_decode.*\.onnx$/, like: "cached_decode.int8.onnx", isOptional: true },
      {
        role: "mergedDecoder",
        pattern: /^decoder_model_merged\.(onnx|ort)$/,
        like: "decoder_model_merged.ort",
        isOptional: true,
      },
      TOKENS,
    ],
  },
  {
    family: "transducer",
    kind: "speech-to-text",
    fits: ({ name, files }) => hasFile(files, /joiner.*\.onnx$/) || /transducer|zipformer(?!.*ctc)/i.test(name),
    parts: [
      { role: "encoder", pattern: /encoder.*\.onnx$/, like: "encoder.onnx" },
      { role: "decoder", pattern: /decoder.*\.onnx$/, like: "decoder.onnx" },
      { role: "joiner", pattern: /joiner.*\.onnx$/, like: "joiner.onnx" },
      TOKENS,
    ],
  },
  {
    family: "whisper",
    kind: "speech-to-text",
    fits: ({ name, files }) => /whisper/i.test(name) || hasFile(files, /-encoder.*\.onnx$/),
    parts: [
      { role: "encoder", pattern: /encoder.*\.onnx$/, like: "base.en-encoder.int8.onnx" },
      { role: "decoder", pattern: /decoder.*\.onnx$/, like: "base.en-decoder.int8.onnx" },
      TOKENS,
    ],
  },
  {
    family: "paraformer",
    kind: "speech-to-text",
    fits: ({ name }) => /paraformer/i.test(name),
    parts: [MODEL, TOKENS],
  },
  {
    family: "sense-voice",
    kind: "speech-to-text",
    fits: ({ name }) => /sense-?voice/i.test(name),
    parts: [MODEL, TOKENS],
  },
  { family: "nemo-ctc", kind: "speech-to-text", fits: ({ name }) => /nemo|ctc/i.test(name), parts: [MODEL, TOKENS] },
  {
    family: "kitten",
    kind: "text-to-speech",
    fits: ({ name, files }) => /kitten/i.test(name) && !hasFile(files, /\.onnx\.json$/),
    parts: [MODEL, VOICES, TOKENS, ESPEAK],
  },
  {
    family: "kokoro",
    kind: "text-to-speech",
    fits: ({ name, files }) => /kokoro/i.test(name) || hasFile(files, VOICES.pattern),
    parts: [MODEL, VOICES, TOKENS, MAYBE_ESPEAK, LEXICON],
  },
  {
    family: "matcha",
    kind: "text-to-speech",
    fits: ({ name, files }) => /matcha/i.test(name) || hasFile(files, /^model-steps-\d+\.onnx$/),
    parts: [
      { role: "acousticModel", pattern: /^model-steps-\d+\.onnx$/, like: "model-steps-3.onnx" },
      { role: "vocoder", pattern: /^(vocos|hifigan).*\.onnx$/, like: "vocos-22khz-univ.onnx or hifigan_v2.onnx" },
      TOKENS,
      MAYBE_ESPEAK,
      LEXICON,
    ],
  },
  {
    family: "vits",
    kind: "text-to-speech",
    fits: ({ files }) => hasFile(files, /\.onnx$/),
    parts: [MODEL, TOKENS, MAYBE_ESPEAK, LEXICON],
  },
];

/** Says what a folder holds by the names of its files, and what is missing. */
export function classifyFolder(folder: ModelFolder): LocalModel {
  const name = `local/${folder.name}`;
  const family = FAMILIES.find((candidate) => candidate.fits(folder));
  if (family === undefined) {
    const problem = `${folder.folder} holds no model that is known: expected .onnx files as sherpa-onnx publishes them, or a .gguf file.`;
    return { name, kind: "text-to-speech", path: folder.folder, files: {}, problem };
  }
  const files: Record<string, string> = {};
  const missing: string[] = [];
  for (const part of family.parts) {
    const file = findPart(folder, part);
    if (file !== undefined) files[part.role] = file;
    else if (part.isOptional !== true) missing.push(part.like);
  }
  const problem = findProblem(folder, family, files, missing);
  const model = { name, kind: family.kind, family: family.family, path: folder.folder, files };
  return problem === undefined ? model : { ...model, problem };
}

function findProblem(
  { folder, name, files }: ModelFolder,
  { family }: Family,
  found: Readonly<Record<string, string>>,
  missing: readonly string[],
): string | undefined {
  if (files.some((file) => file.endsWith(".onnx.json")) && missing.length > 0) {
    return `${folder} is a Piper voice without the parts that are needed here: take the package vits-piper-… of the same voice from sherpa-onnx, which has tokens.txt and espeak-ng-data.`;
  }
  if (missing.length > 0) return `${folder} looks like ${family}, but ${missing.join(" and ")} is missing.`;
  if (family === "transducer" && /streaming/i.test(name)) {
    return `${folder} is a streaming model, which is not supported: take the non-streaming one of the same family.`;
  }
  if (
    family === "moonshine" &&
    found["mergedDecoder"] === undefined &&
    !(found["preprocessor"] && found["uncachedDecoder"] && found["cachedDecoder"])
  ) {
    return `${folder} looks like moonshine, but preprocess.onnx, uncached_decode.int8.onnx or cached_decode.int8.onnx is missing.`;
  }
  return undefined;
}

/** The smaller variant where there are several: int8 before full precision. */
function findPart({ folder, files, beside }: ModelFolder, { role, pattern }: Part): string | undefined {
  const candidates = files.filter((file) => pattern.test(file) && !(role === "model" && /vocos|hifigan/.test(file)));
  if (role === "lexicon" && candidates.length > 0) return candidates.map((file) => path.join(folder, file)).join(",");
  const chosen = candidates.find((file) => file.includes("int8")) ?? candidates[0];
  if (chosen !== undefined) return path.join(folder, chosen);
  return role === "vocoder" ? beside.find((file) => pattern.test(path.basename(file))) : undefined;
}

function hasFile(files: readonly string[], pattern: RegExp): boolean {
  return files.some((file) => pattern.test(file));
}
