/** The thread in which a GGUF model is loaded and computes: loading and prompts would block any other. */

import { parentPort, workerData } from "node:worker_threads";
import type { ReplyRequest } from "@earshot/engine";
import { type ChatModelFunctions, getLlama, LlamaChat, type LlamaContextSequence, LlamaLogLevel } from "node-llama-cpp";
import { checkGgufHeader } from "./check-gguf-header.ts";
import type { FromWorker, GgufWorkerData, ToWorker } from "./gguf-messages.ts";
import { toChatHistory } from "./to-chat-history.ts";

const DEFAULT_MAX_OUTPUT_TOKENS = 512;
const data = workerData as GgufWorkerData;
const aborts = new Map<number, AbortController>();
const loading = load();
/** One reply at a time: the context of the last one is kept, so that a call's prompt is computed once. */
let turn: Promise<void> = Promise.resolve();

parentPort?.on("message", (message: ToWorker) => {
  switch (message.type) {
    case "reply":
      aborts.set(message.id, new AbortController());
      turn = turn.then(() => answer(message.id, message.request));
      return;
    case "abort":
      aborts.get(message.id)?.abort();
      return;
    case "close":
      for (const abort of aborts.values()) abort.abort();
      void turn.then(close);
      return;
    default:
      message satisfies never;
  }
});

function send(message: FromWorker): void {
  parentPort?.postMessage(message);
}

async function load() {
  try {
    await checkGgufHeader(data.path);
    const llama = await getLlama({
      gpu: false,
      build: "never",
      skipDownload: true,
      logLevel: LlamaLogLevel.error,
      progressLogs: false,
    });
    const model = await llama.loadModel({ modelPath: data.path });
    const contextSize = Math.min(data.contextTokens, model.trainContextSize);
    const context = await model.createContext({ contextSize, threads: data.threads });
    const sequence = context.getSequence();
    send({ type: "ready" });
    return { llama, sequence, chat: new LlamaChat({ contextSequence: sequence }) };
  } catch (error) {
    send({ type: "unusable", message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

async function answer(id: number, request: ReplyRequest): Promise<void> {
  const loaded = await loading;
  const signal = aborts.get(id)?.signal;
  try {
    if (loaded === undefined || signal === undefined || signal.aborted) {
      send({ type: "done", id, inputTokens: 0, outputTokens: 0 });
      return;
    }
    await generate(id, request, loaded.chat, loaded.sequence, signal);
  } catch (error) {
    if (signal?.aborted) send({ type: "done", id, inputTokens: 0, outputTokens: 0 });
    else send({ type: "failed", id, message: error instanceof Error ? error.message : String(error) });
  } finally {
    aborts.delete(id);
  }
}

async function generate(
  id: number,
  request: ReplyRequest,
  chat: LlamaChat,
  sequence: LlamaContextSequence,
  signal: AbortSignal,
): Promise<void> {
  const before = sequence.tokenMeter.getState();
  const functions: ChatModelFunctions = Object.fromEntries(
    request.tools.map((tool) => [tool.name, { description: tool.description, params: tool.parameters as never }]),
  );
  const answered = await chat.generateResponse(toChatHistory(request), {
    ...(request.tools.length === 0 ? {} : { functions }),
    maxTokens: request.maxOutputTokens ?? DEFAULT_MAX_OUTPUT_TOKENS,
    temperature: request.temperature ?? 0,
    signal,
    stopOnAbortSignal: true,
    onTextChunk: (text) => {
      if (text !== "" && !signal.aborted) send({ type: "text", id, text });
    },
  });
  for (const call of signal.aborted ? [] : (answered.functionCalls ?? [])) {
    send({ type: "call", id, name: call.functionName, arguments: JSON.stringify(call.params ?? {}) });
  }
  const used = sequence.tokenMeter.diff(before);
  send({ type: "done", id, inputTokens: used.usedInputTokens, outputTokens: used.usedOutputTokens });
}

async function close(): Promise<void> {
  const loaded = await loading;
  await loaded?.llama.dispose();
  parentPort?.close();
}
