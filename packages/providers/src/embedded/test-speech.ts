import type { Samples } from "@earshot/engine";
import { Flite } from "./speaking/flite.ts";

let loading: Promise<Flite> | undefined;

/** Real speech for tests: a sentence of plain ASCII by one of Flite's voices, with half a second of silence around it. */
export async function speakForTest(text: string, voiceId = "flite:rms"): Promise<Samples> {
  loading ??= Flite.load();
  const spoken = (await loading).speak({ text, voiceId, speed: 1 });
  const samples = new Int16Array(16_000 + (spoken?.samples.length ?? 0));
  samples.set(spoken?.samples ?? [], 8000);
  return samples;
}
