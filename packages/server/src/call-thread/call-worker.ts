/** The call thread: every live call of the node, apart from HTTP and the database, so that neither is ever heard. */

import { workerData } from "node:worker_threads";
import { SystemClock, toSpeakable } from "@earshot/engine";
import { connectSpeech } from "@earshot/providers";
import { StreamLines } from "../legs/stream/stream-lines.ts";
import { CallDesk } from "./call-desk.ts";
import { loadLanguageModels } from "./load-language-models.ts";
import { loadRealtimeModels } from "./load-realtime-models.ts";
import type { CallThreadData, FromCallThread, ToCallThread } from "./messages.ts";
import { threadPort } from "./thread-port.ts";
import { toolPayloads } from "./tool-payloads.ts";
import { voiceTurnSenders } from "./voice-turn-senders.ts";

const data = workerData as CallThreadData;
const port = threadPort();
const send = (message: FromCallThread, transfer: readonly ArrayBuffer[] = []) =>
  port.postMessage(message, [...transfer]);
const warn = (message: string, fields: object) => send({ type: "log", level: "warn", message, fields });

// One call's bug must not take the others along: sessions guard themselves, and this is the last resort.
const survive = (error: unknown) =>
  send({ type: "log", level: "error", message: "An error was not handled", fields: { error: String(error) } });
process.on("uncaughtException", survive);
process.on("unhandledRejection", survive);

// Names of months, units and money are slow to look up once; not while somebody waits for a first sentence.
toSpeakable("1 km on May 5 for $1", { language: "en-US" });
const clock = new SystemClock();
const speech = connectSpeech(data.speech);
try {
  const languageModels = await loadLanguageModels({ data, clock, embedder: speech.embedder, warn });
  const realtimeModels = loadRealtimeModels(data, clock);
  const { media, peers } = data;
  const openPeers = peers && (await import("../legs/open-peers.ts")).openPeers(peers);
  const desk = new CallDesk({
    data,
    ...(openPeers ? { peers: openPeers } : {}),
    clock,
    speech,
    languageModels,
    realtimeModels,
    voiceTurnSenders,
    toolPayloads,
    send,
  });
  const lines =
    media &&
    (await import("../legs/sip/open-phone-lines.ts")).openPhoneLines(media, {
      tell: (lineId, report) => send({ type: "line", lineId, report }),
      begin: (callId, leg, isHandedOver) => desk.begin(callId, leg, isHandedOver),
    });
  const streams = new StreamLines({
    clock,
    tell: (streamId, report) => send({ type: "stream", streamId, report }),
    begin: (callId, leg) => desk.begin(callId, leg),
  });
  port.on("message", (message: ToCallThread) => {
    if (message.type === "line") lines?.receive(message.lineId, message.order);
    else if (message.type === "stream") streams.receive(message.streamId, message.order);
    else desk.receive(message);
  });
  const { names, defaultName, explanation } = languageModels;
  send({
    type: "ready",
    languageModels: names,
    defaultLanguageModel: defaultName,
    realtimeModels: realtimeModels.names,
    explanation,
  });
} catch (error) {
  send({ type: "refused", problem: error instanceof Error ? error.message : String(error) });
}
