/** The thread that scores voice activity of every call of the node. It does nothing else, so that nothing delays it. */

import { measureLoad } from "../lines/loaded-model.ts";
import type { WindowBatch, WindowResults } from "../lines/window-batch.ts";
import { openWorkerDesk } from "../lines/worker-desk.ts";
import { findPackageFile } from "../package-file.ts";
import { BatchScorer, LineMemories } from "./batch-scorer.ts";
import { Silero } from "./silero.ts";

const desk = openWorkerDesk();
const [silero, loaded] = await measureLoad({ name: "embedded/silero-v6", kind: "voice-activity", licence: "MIT" }, () =>
  Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v6.onnx")),
);

const scorer = new BatchScorer(
  (windows) => silero.score(windows),
  (error) => desk.warn("Voice activity could not be scored", error),
);

desk.serve([loaded], (port) => {
  const memories = new LineMemories();
  port.on("message", (batch: WindowBatch) => {
    scorer.add(memories, batch, (values) => {
      const { model, streamIds, samples: spent } = batch;
      const results: WindowResults<Float32Array> = { type: "window-results", model, streamIds, values, spent };
      port.postMessage(results, [streamIds.buffer, values.buffer, spent.buffer]);
    });
  });
});
