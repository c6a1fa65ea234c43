import { VOICE_ACTIVITY_WINDOW_SAMPLES, type VoiceActivity, type VoiceActivityStream } from "@earshot/engine";
import { WindowClient } from "../lines/window-client.ts";
import type { WorkerLine } from "../lines/worker-line.ts";

/** An eighth of a window: late enough for those of other calls, too early to be noticed. */
const GATHER_MS = 4;

/** Voice activity by the worker at the other end of `line`. */
export class RemoteVoiceActivity implements VoiceActivity {
  readonly name = "embedded/silero-v6";
  readonly #client: WindowClient<Float32Array, number>;

  constructor(line: WorkerLine) {
    this.#client = new WindowClient({
      line,
      model: this.name,
      windowSamples: VOICE_ACTIVITY_WINDOW_SAMPLES,
      resultAt: (values: Float32Array, index) => values[index] ?? 0,
      fallback: () => 0,
      keepsWindows: false,
      gatherMs: GATHER_MS,
    });
  }

  open(): VoiceActivityStream {
    const stream = this.#client.open();
    return {
      score: (window, done) => stream.push(window, done),
      close: () => stream.close(),
    };
  }
}
