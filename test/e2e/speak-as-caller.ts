import { parseWav, type Samples, toEngineRate } from "@earshot/engine";
import type { Earshot } from "@earshot/sdk";

/** Real speech, from the server's own voice: 16 kHz, one channel. */
export async function speakAsCaller(earshot: Earshot, text: string): Promise<Samples> {
  return toEngineRate(parseWav(await earshot.speech.create({ text })));
}
