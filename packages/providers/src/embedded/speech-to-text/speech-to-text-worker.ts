/** The thread that recognises speech for every call of the node. */
import { availableParallelism } from "node:os";
import { type MessagePort, workerData } from "node:worker_threads";
import { loadLocalRecognisers } from "../../local-models/local-recognisers.ts";
import { type LoadedModel, measureLoad } from "../lines/loaded-model.ts";
import { openWorkerDesk } from "../lines/worker-desk.ts";
import type { WorkerSettings } from "../lines/worker-settings.ts";
import type { ListenReport, ListenRequest } from "./messages.ts";
import { Moonshine, MoonshineRecogniser, type MoonshineSize } from "./moonshine.ts";
import { findTokenTable } from "./token-table.ts";
import { type Ear, Transcriber } from "./transcriber.ts";

const desk = openWorkerDesk();
/** One core is left to the calls; partials take a further lane. */
const lanes = Math.max(1, Math.min(2, availableParallelism() - 1));
const { cacheDir, localModels } = workerData as WorkerSettings;
const tokens = await findTokenTable(cacheDir);
const [[base, loadedBase], [tiny, loadedTiny]] = await Promise.all([load("base"), load("tiny")]);
const local = await loadLocalRecognisers(localModels);

const transcribers = new Map<string, Transcriber>();
for (const recogniser of [new MoonshineRecogniser({ base, tiny }), ...local.recognisers]) {
  transcribers.set(recogniser.name, new Transcriber({ recogniser, lanes }));
}
desk.serve([loadedBase, loadedTiny, ...local.models], serve);

function load(size: MoonshineSize): Promise<[Moonshine, LoadedModel]> {
  const card = { name: `embedded/moonshine-${size}`, kind: "speech-to-text", licence: "MIT" } as const;
  return measureLoad(card, () => Moonshine.load(size, tokens));
}

function serve(port: MessagePort): void {
  const ears = new Map<number, Ear>();
  port.on("message", (request: ListenRequest) => {
    const { streamId } = request;
    switch (request.type) {
      case "open": {
        const { model, partialEveryMs } = request;
        const ear = transcribers.get(model)?.open({
          ...(partialEveryMs === undefined ? {} : { partialEveryMs }),
          onHeard: (heard) => port.postMessage({ type: "heard", model, streamId, heard } satisfies ListenReport),
        });
        if (ear !== undefined) ears.set(streamId, ear);
        return;
      }
      case "begin":
        return ears.get(streamId)?.begin(request.utteranceId);
      case "audio":
        return ears.get(streamId)?.push(request.samples);
      case "mayEnd":
        return ears.get(streamId)?.mayEnd(request.utteranceId);
      case "glance":
        return ears.get(streamId)?.glance(request.utteranceId);
      case "end":
        return ears.get(streamId)?.end(request.utteranceId);
      case "close":
        ears.get(streamId)?.close();
        ears.delete(streamId);
    }
  });
  port.on("close", () => {
    for (const ear of ears.values()) ear.close();
  });
}
