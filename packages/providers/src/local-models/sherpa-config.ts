import { ENGINE_RATE_HZ } from "@earshot/engine";
import type { LocalModel } from "./local-model.ts";

type Config = Readonly<Record<string, unknown>>;

/** What sherpa-onnx wants to know to load a recogniser. */
export function toRecogniserConfig({ family, name, files }: LocalModel): Config {
  const { tokens, ...parts } = files;
  return {
    featConfig: { sampleRate: ENGINE_RATE_HZ, featureDim: 80 },
    modelConfig: { ...toRecogniserParts(family, name, parts), tokens, numThreads: 1, provider: "cpu", debug: 0 },
  };
}

function toRecogniserParts(family: LocalModel["family"], name: string, parts: Config): Config {
  switch (family) {
    case "transducer":
      return /nemo|parakeet/i.test(name) ? { transducer: parts, modelType: "nemo_transducer" } : { transducer: parts };
    case "whisper":
      return { whisper: { ...parts, language: "", task: "transcribe", tailPaddings: -1 } };
    case "paraformer":
      return { paraformer: parts };
    case "sense-voice":
      return { senseVoice: { ...parts, language: "", useInverseTextNormalization: 1 } };
    case "nemo-ctc":
      return { nemoCtc: parts };
    case "moonshine":
      return { moonshine: parts };
    default:
      throw new Error(`${name} is not a speech recogniser.`);
  }
}

/** What sherpa-onnx wants to know to load a voice. */
export function toSynthesiserConfig({ family, name, files }: LocalModel): Config {
  if (family !== "vits" && family !== "kokoro" && family !== "kitten" && family !== "matcha") {
    throw new Error(`${name} is not a voice.`);
  }
  return { model: { [family]: files, numThreads: 1, provider: "cpu", debug: 0 }, maxNumSentences: 1 };
}
