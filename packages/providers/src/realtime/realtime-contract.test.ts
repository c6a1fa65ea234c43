import { SystemClock } from "@earshot/engine";
import { describeSpeechToSpeech } from "@earshot/engine/testing/contracts/speech-to-speech-contract";
import { openAiVendor } from "./openai.ts";
import { realtimeModel } from "./realtime-model.ts";
import { RealtimeServer, type RealtimeServerOptions } from "./testing/realtime-server.ts";
import type { RealtimeVendor } from "./vendor.ts";
import { xaiVendor } from "./xai.ts";

const manners: readonly [RealtimeServerOptions["manners"] & string, RealtimeVendor][] = [
  ["openai", openAiVendor()],
  ["openai-beta", openAiVendor("endpoint")],
  ["xai", xaiVendor],
];

for (const [name, vendor] of manners) {
  describeSpeechToSpeech(`a realtime model with the manners of ${name}`, async () => {
    const server = new RealtimeServer({
      manners: name,
      hears: Array.from({ length: 20 }, (_, i) => `Sentence ${i + 1}.`),
      answer: ({ instructions, conversation, heard }) =>
        instructions.includes("Book") && !conversation.some((line) => line.startsWith("function_call_output"))
          ? { calls: [{ name: "book_table", arguments: '{"people":4}' }] }
          : { text: `You said: ${heard}` },
    });
    await server.listen();
    const shared = { vendor, model: "voice-1", clock: new SystemClock() };
    return {
      model: realtimeModel({ ...shared, url: server.url, apiKey: "key" }),
      unreachable: realtimeModel({ ...shared, url: "ws://127.0.0.1:9/v1/realtime", apiKey: "key" }),
      turn: turn(),
      promptForToolCall: "Book a table for four.",
      close: () => server.close(),
    };
  });
}

/** 600 ms of a tone in silence. */
function turn() {
  const samples = new Int16Array(16_000 * 1.6);
  for (let i = 4800; i < 14_400; i++) samples[i] = Math.round(9000 * Math.sin((2 * Math.PI * 220 * i) / 16_000));
  return samples;
}
