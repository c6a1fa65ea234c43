import type { SpeechToSpeechEvent, SpeechToSpeechOptions } from "@earshot/engine";
import { FakeClock } from "@earshot/engine/testing";
import { openAiVendor } from "../openai.ts";
import { realtimeModel } from "../realtime-model.ts";
import type { RealtimeVendor } from "../vendor.ts";
import { RealtimeServer, type RealtimeServerOptions } from "./realtime-server.ts";

type Kind = SpeechToSpeechEvent["type"];
type EventOf<Type extends Kind> = SpeechToSpeechEvent & { readonly type: Type };

/** A call to a server of its own, with time in the hands of the test. */
export async function openCall({
  server: options,
  vendor = openAiVendor(),
  apiKey = "key",
  before,
  ...rest
}: {
  server?: RealtimeServerOptions;
  vendor?: RealtimeVendor;
  apiKey?: string;
  before?: (server: RealtimeServer) => void;
} & Partial<SpeechToSpeechOptions> = {}) {
  const server = new RealtimeServer(options);
  await server.listen();
  before?.(server);
  const clock = new FakeClock();
  const model = realtimeModel({ vendor, model: "voice-1", url: server.url, apiKey, clock });
  const events: SpeechToSpeechEvent[] = [];
  let watchers: (() => void)[] = [];
  const brief = { system: "You are a receptionist.", tools: [], voiceId: vendor.voices[0]?.id ?? "" };
  const stream = model.open({
    language: "en-US",
    brief,
    ...rest,
    onEvent: (event) => {
      events.push(event);
      for (const look of [...watchers]) look();
    },
  });
  const until = (test: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = () => {
        if (!test()) return;
        watchers = watchers.filter((other) => other !== look);
        resolve();
      };
      watchers.push(look);
      look();
    });
  const all = <Type extends Kind>(type: Type) => events.filter((event): event is EventOf<Type> => event.type === type);
  return {
    server,
    clock,
    stream,
    events,
    brief,
    all,
    until,
    /** Resolves with the event of that type and number, counted from 1. */
    async nth<Type extends Kind>(type: Type, count = 1): Promise<EventOf<Type>> {
      await until(() => all(type).length >= count);
      const found = all(type)[count - 1];
      if (!found) throw new Error("it was there");
      return found;
    },
    /** The events in short: "reply-started 1", "words 1: Hello." */
    told: () => events.filter(({ type }) => type !== "reply-audio" && type !== "reply-text").map(toLine),
    /** `ms` of the caller; `loudMs` of them speech, after 300 ms. */
    speak(ms: number, loudMs = 0) {
      const samples = new Int16Array(16 * ms);
      for (let i = 4800; i < 4800 + 16 * loudMs; i++) samples[i] = Math.round(9000 * Math.sin(i / 11));
      for (let at = 0; at < samples.length; at += 320) stream.push(samples.slice(at, at + 320));
    },
    async close() {
      stream.close();
      await server.close();
    },
  };
}

function toLine(event: SpeechToSpeechEvent): string {
  switch (event.type) {
    case "speech-started":
    case "speech-ended":
      return `${event.type} ${event.utteranceId}`;
    case "words":
      return `words ${event.utteranceId}: ${event.text}`;
    case "reply-started":
      return `reply-started${event.askId === undefined ? "" : ` for ${event.askId}`}`;
    case "reply-tool-call":
      return `calls ${event.call.name}(${event.call.arguments})`;
    case "reply-failed":
      return `${event.replyId === undefined ? `ask ${event.askId}` : "reply"} failed: ${event.error.kind}`;
    case "failed":
      return `failed: ${event.error.kind}`;
    default:
      return event.type;
  }
}
