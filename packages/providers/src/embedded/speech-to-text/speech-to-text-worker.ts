/** The thread that recognises speech for every call of the node. */
import { availableParallelism } from "node:os";
import { type MessagePort, workerData } from "node:worker_threads";
import { loadLocalRecognisers } from "../../local-models/local-recognisers.ts";
import { measureLoad } from "../lines/loaded-model.ts";
import { openWorkerDesk } from "../lines/worker-desk.ts";
import type { WorkerSettings } from "../lines/worker-settings.ts";
import type { ListenReport, ListenRequest } from "./messages.ts";
import { SCRIPTED_RECOGNISER, ScriptedRecogniser } from "./scripted-recogniser.ts";
import { type Ear, Transcriber } from "./transcriber.ts";

const desk = openWorkerDesk();
/** One core is left to the calls; partials take a further lane. */
const lanes = Math.max(1, Math.min(2, availableParallelism() - 1));
const { cacheDir, localModels, isScripted } = workerData as WorkerSettings;
const own = isScripted ? await loadScripted() : await (await import("./load-moonshine.ts")).loadMoonshine(cacheDir);
const local = await loadLocalRecognisers(localModels);

const transcribers = new Map<string, Transcriber>();
for (const recogniser of [own.recogniser, ...local.recognisers]) {
  transcribers.set(recogniser.name, new Transcriber({ recogniser, lanes }));
}
desk.serve([...own.models, ...local.models], serve);

async function loadScripted() {
  const [recogniser, loaded] = await measureLoad(SCRIPTED_RECOGNISER, async () => new ScriptedRecogniser());
  return { recogniser, models: [loaded] };
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
