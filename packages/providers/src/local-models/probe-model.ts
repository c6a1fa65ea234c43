/**
 * Run as a process of its own: loads one local model and prints what it is. sherpa-onnx ends the whole process on a file
 * that it does not like, which must not be the server's.
 */
import process from "node:process";
import sherpa from "sherpa-onnx-node";
import type { LocalModel } from "./local-model.ts";
import { toRecogniserConfig, toSynthesiserConfig } from "./sherpa-config.ts";

const model = JSON.parse(process.argv[2] ?? "{}") as LocalModel;
if (model.kind === "text-to-speech") {
  const { numSpeakers } = await sherpa.OfflineTts.createAsync(toSynthesiserConfig(model));
  process.stdout.write(`\n${JSON.stringify({ speakers: numSpeakers })}`);
} else {
  await sherpa.OfflineRecognizer.createAsync(toRecogniserConfig(model));
  process.stdout.write(`\n${JSON.stringify({ speakers: 0 })}`);
}
