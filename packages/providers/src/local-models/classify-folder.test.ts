import { describe, expect, it } from "vitest";
import { classifyFolder } from "./classify-folder.ts";

/** File names as sherpa-onnx publishes them. */
const PUBLISHED: readonly (readonly [folder: string, files: readonly string[], family: string, kind: string])[] = [
  [
    "vits-piper-en_US-amy-low",
    ["en_US-amy-low.onnx", "en_US-amy-low.onnx.json", "espeak-ng-data", "tokens.txt"],
    "vits",
    "text-to-speech",
  ],
  ["vits-ljs", ["lexicon.txt", "tokens.txt", "vits-ljs.onnx"], "vits", "text-to-speech"],
  ["kokoro-en-v0_19", ["espeak-ng-data", "model.onnx", "tokens.txt", "voices.bin"], "kokoro", "text-to-speech"],
  [
    "kitten-nano-en-v0_1-fp16",
    ["espeak-ng-data", "model.fp16.onnx", "tokens.txt", "voices.bin"],
    "kitten",
    "text-to-speech",
  ],
  [
    "matcha-icefall-en_US-ljspeech",
    ["espeak-ng-data", "model-steps-3.onnx", "tokens.txt", "vocos-22khz-univ.onnx"],
    "matcha",
    "text-to-speech",
  ],
  [
    "sherpa-onnx-zipformer-gigaspeech",
    [
      "decoder-epoch-30-avg-1.onnx",
      "encoder-epoch-30-avg-1.int8.onnx",
      "joiner-epoch-30-avg-1.int8.onnx",
      "tokens.txt",
    ],
    "transducer",
    "speech-to-text",
  ],
  [
    "sherpa-onnx-nemo-parakeet-tdt-0.6b-v2-int8",
    ["decoder.int8.onnx", "encoder.int8.onnx", "joiner.int8.onnx", "tokens.txt"],
    "transducer",
    "speech-to-text",
  ],
  [
    "sherpa-onnx-whisper-base.en",
    ["base.en-decoder.int8.onnx", "base.en-encoder.int8.onnx", "base.en-tokens.txt"],
    "whisper",
    "speech-to-text",
  ],
  ["sherpa-onnx-paraformer-en", ["model.int8.onnx", "model.onnx", "tokens.txt"], "paraformer", "speech-to-text"],
  ["sherpa-onnx-nemo-ctc-en-conformer-small", ["model.int8.onnx", "tokens.txt"], "nemo-ctc", "speech-to-text"],
  ["sherpa-onnx-sense-voice-zh-en", ["model.int8.onnx", "tokens.txt"], "sense-voice", "speech-to-text"],
  [
    "sherpa-onnx-moonshine-tiny-en-int8",
    ["cached_decode.int8.onnx", "encode.int8.onnx", "preprocess.onnx", "tokens.txt", "uncached_decode.int8.onnx"],
    "moonshine",
    "speech-to-text",
  ],
];

describe("classifyFolder", () => {
  it.each(PUBLISHED)("recognises %s", (name, files, family, kind) => {
    const model = classify(name, files);
    expect(model.problem).toBeUndefined();
    expect(model).toMatchObject({ name: `local/${name}`, family, kind });
    expect(model.files["tokens"]).toMatch(new RegExp(`^/models/${name}/.*tokens\\.txt$`));
  });

  it.each(PUBLISHED)("says what is missing where the tokens are: %s", (name, files) => {
    const { problem } = classify(
      name,
      files.filter((file) => !file.endsWith("tokens.txt")),
    );
    expect(problem).toMatch(/tokens\.txt/);
  });

  it("prefers the smaller of two variants", () => {
    const { files } = classify("sherpa-onnx-paraformer-en", ["model.onnx", "model.int8.onnx", "tokens.txt"]);
    expect(files["model"]).toBe("/models/sherpa-onnx-paraformer-en/model.int8.onnx");
  });

  it("takes a vocoder that lies beside the folders, and asks for one where there is none", () => {
    const files = ["espeak-ng-data", "model-steps-3.onnx", "tokens.txt"];
    expect(classify("matcha-icefall-en", files, ["/models/hifigan_v2.onnx"]).files["vocoder"]).toBe(
      "/models/hifigan_v2.onnx",
    );
    expect(classify("matcha-icefall-en", files).problem).toContain(
      "vocos-22khz-univ.onnx or hifigan_v2.onnx is missing",
    );
  });

  it("tells Piper's own files from sherpa-onnx's", () => {
    const { problem } = classify("amy", ["en_US-amy-low.onnx", "en_US-amy-low.onnx.json"]);
    expect(problem).toContain("vits-piper");
  });

  it("refuses streaming recognisers with advice", () => {
    const files = ["decoder.onnx", "encoder.onnx", "joiner.onnx", "tokens.txt"];
    expect(classify("sherpa-onnx-streaming-zipformer-en", files).problem).toContain("non-streaming");
  });

  it("says what was expected of a folder that holds something else", () => {
    expect(classify("holiday", ["beach.jpg"]).problem).toContain("holds no model that is known");
  });
});

function classify(name: string, files: readonly string[], beside: readonly string[] = []) {
  return classifyFolder({ name, folder: `/models/${name}`, files, beside });
}
