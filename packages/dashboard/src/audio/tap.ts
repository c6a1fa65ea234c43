import type { TappedNodes } from "@earshot/web";
import tapWorkletUrl from "./tap-worklet.ts?worker&url";

/** What the page heard and played, sample by sample side by side, for tests: `?record` in the page's address. */
type PageRecording = {
  readonly sampleRateHz: number;
  readonly microphone: Float32Array[];
  readonly agent: Float32Array[];
};

declare global {
  var earshotRecording: PageRecording | undefined;
}

/** Chunks of 4096 samples: about five minutes at 48 kHz, then the recording stops growing. */
const MAX_CHUNKS = 3600;

/** Records this call into `globalThis.earshotRecording` when the page was opened with `?record`; otherwise nothing. */
export async function tapCall(nodes: TappedNodes): Promise<void> {
  if (!new URLSearchParams(location.search).has("record")) return;
  const recording: PageRecording = { sampleRateHz: nodes.context.sampleRate, microphone: [], agent: [] };
  await nodes.context.audioWorklet.addModule(tapWorkletUrl);
  const tap = new AudioWorkletNode(nodes.context, "earshot-tap", { numberOfInputs: 2, numberOfOutputs: 1 });
  tap.port.onmessage = ({ data }: MessageEvent<{ microphone: Float32Array; agent: Float32Array }>) => {
    if (recording.agent.length >= MAX_CHUNKS) return;
    recording.microphone.push(data.microphone);
    recording.agent.push(data.agent);
  };
  nodes.microphone.connect(tap, 0, 0);
  nodes.agent.connect(tap, 0, 1);
  tap.connect(nodes.context.destination);
  globalThis.earshotRecording = recording;
}
