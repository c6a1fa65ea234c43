/** The thread that speaks for every call of the node, denoises recordings and embeds sentences. */
import { setImmediate as nextTurn } from "node:timers/promises";
import { type MessagePort, workerData } from "node:worker_threads";
import { loadLocalSpeakers } from "../../local-models/local-speakers.ts";
import { GTCRN_HEAD_SAMPLES, RNNOISE_HEAD_SAMPLES } from "../denoising/delay.ts";
import { DenoiseDesk, type FilterSource } from "../denoising/denoise-desk.ts";
import { EMBEDDING_BATCH, type SentenceEncoder } from "../embedding/sentence-encoder.ts";
import { type ModelCard, measureLoad, notLoaded } from "../lines/loaded-model.ts";
import type { WindowBatch } from "../lines/window-batch.ts";
import { openWorkerDesk, toReason } from "../lines/worker-desk.ts";
import type { WorkerSettings } from "../lines/worker-settings.ts";
import { Flite } from "./flite.ts";
import { FliteSpeaker } from "./flite-speaker.ts";
import type { VoiceReport, VoiceRequest } from "./messages.ts";
import { RememberingSpeaker } from "./remembering-speaker.ts";
import { SCRIPTED_SPEAKER, ScriptedSpeaker } from "./scripted-speaker.ts";
import type { Speaker } from "./speaker.ts";

const FLITE: ModelCard = { name: "embedded/flite", kind: "text-to-speech", licence: "BSD-like (CMU Flite)" };
const RNNOISE: ModelCard = { name: "embedded/rnnoise", kind: "denoiser", licence: "BSD-3-Clause" };
const GTCRN: ModelCard = { name: "embedded/gtcrn", kind: "denoiser", licence: "MIT" };
const ENCODER: ModelCard = {
  name: "embedded/universal-sentence-encoder-lite",
  kind: "embedder",
  licence: "Apache-2.0",
};

const desk = openWorkerDesk();
const { localModels, isScripted } = workerData as WorkerSettings;
const [own, loadedOwn] = isScripted
  ? await measureLoad(SCRIPTED_SPEAKER, async () => new ScriptedSpeaker(await Flite.load()))
  : await measureLoad(FLITE, async () => new FliteSpeaker(await Flite.load()));
const local = await loadLocalSpeakers(localModels);
const speakers = new Map<string, Speaker>();
for (const speaker of [own, ...local.speakers]) speakers.set(speaker.name, new RememberingSpeaker(speaker));

const loadRnnoise = once(RNNOISE, async (): Promise<FilterSource> => {
  const { Rnnoise } = await import("../denoising/rnnoise.ts");
  const rnnoise = await Rnnoise.load();
  return { open: () => rnnoise.open(), headSamples: RNNOISE_HEAD_SAMPLES };
});
const loadGtcrn = once(GTCRN, async (): Promise<FilterSource> => {
  const { Gtcrn } = await import("../denoising/gtcrn.ts");
  const gtcrn = await Gtcrn.load();
  return { open: () => gtcrn.open(), headSamples: GTCRN_HEAD_SAMPLES };
});
const loadEncoder = once(ENCODER, async (): Promise<SentenceEncoder> => {
  const { SentenceEncoder } = await import("../embedding/sentence-encoder.ts");
  return await SentenceEncoder.load();
});

desk.serve([loadedOwn, notLoaded(RNNOISE), notLoaded(GTCRN), notLoaded(ENCODER), ...local.models], serve);
// The first caller's question should not wait for it.
loadEncoder().catch((error: unknown) => desk.warn("The embedder could not be loaded", error));

/** Loads a model when it is first needed, announces it, and tries again after a failure. */
function once<Model>(card: ModelCard, load: () => Promise<Model>): () => Promise<Model> {
  let loading: Promise<Model> | undefined;
  return () => {
    loading ??= measureLoad(card, load).then(
      ([model, loaded]) => {
        desk.announce(loaded);
        return model;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
}

function serve(port: MessagePort): void {
  const cancelled = new Map<number, boolean>();
  const report = (message: VoiceReport, transfer: readonly ArrayBuffer[] = []): void =>
    port.postMessage(message, transfer);
  const denoise = new DenoiseDesk((model) => (model === GTCRN.name ? loadGtcrn() : loadRnnoise()));

  port.on("message", (request: VoiceRequest | WindowBatch) => {
    switch (request.type) {
      case "windows":
        void denoise
          .run(request, (error) => desk.warn("Frames could not be denoised", error))
          .then((results) => port.postMessage(results, [results.streamIds.buffer, results.values.buffer]));
        return;
      case "cancel":
        if (cancelled.has(request.id)) cancelled.set(request.id, true);
        return;
      case "speak":
      case "embed":
        void answer(request);
    }
  });
  port.on("close", () => {
    denoise.close();
    for (const id of cancelled.keys()) cancelled.set(id, true);
  });

  async function answer(request: Extract<VoiceRequest, { type: "speak" | "embed" }>): Promise<void> {
    const { id } = request;
    cancelled.set(id, false);
    const isCancelled = (): boolean => cancelled.get(id) !== false;
    try {
      if (request.type === "speak") await speak(request, isCancelled);
      else await embed(request, isCancelled);
      report({ type: "done", id });
    } catch (error) {
      report({ type: "failed", id, reason: toReason(error) });
    }
    cancelled.delete(id);
  }

  async function speak(request: Extract<VoiceRequest, { type: "speak" }>, isCancelled: () => boolean): Promise<void> {
    const speaker = speakers.get(request.model);
    if (speaker === undefined) throw new Error(`${request.model} is not loaded`);
    for await (const { samples, words } of speaker.speak(request, isCancelled)) {
      if (isCancelled()) return;
      report({ type: "chunk", id: request.id, samples, words }, [samples.buffer]);
    }
  }

  async function embed(
    { id, texts }: Extract<VoiceRequest, { type: "embed" }>,
    isCancelled: () => boolean,
  ): Promise<void> {
    const encoder = await loadEncoder();
    for (let start = 0; start < texts.length && !isCancelled(); start += EMBEDDING_BATCH) {
      const vectors = await encoder.encode(texts.slice(start, start + EMBEDDING_BATCH));
      report(
        { type: "vectors", id, vectors },
        vectors.map((vector) => vector.buffer),
      );
      await nextTurn();
    }
  }
}
