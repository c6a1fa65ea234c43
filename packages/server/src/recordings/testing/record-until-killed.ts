/** Records two tones in real time until it is killed, and says how far it is. Arguments: the file, and its format. */
import { argv, stdout } from "node:process";
import { FileRecorder } from "../file-recorder.ts";
import type { RecordingFormat } from "../recording-format.ts";
import { recordTones } from "./two-tones.ts";

const [, , path = "", format = "wav"] = argv;
const recorder = new FileRecorder({
  path,
  format: format as RecordingFormat,
  onFailure: (error) => stdout.write(`${String(error)}\n`),
});
const startedMs = performance.now();
let recordedMs = 0;
setInterval(() => {
  const nowMs = Math.floor((performance.now() - startedMs) / 20) * 20;
  recordTones(recorder, recordedMs, nowMs);
  recordedMs = nowMs;
  stdout.write(`${recordedMs}\n`);
}, 20);
