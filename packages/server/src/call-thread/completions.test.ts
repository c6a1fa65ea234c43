/** Completions over a real message port, as between the two threads. */

import { MessageChannel } from "node:worker_threads";
import { type LanguageModel, ProviderError, type ReplyPart, type ReplyRequest } from "@earshot/engine";
import { receptionist } from "@earshot/providers";
import { afterEach, describe, expect, it } from "vitest";
import { COMPLETION_WINDOW, type FromCompletions, type ToCompletions } from "./completion-messages.ts";
import { CompletionRequests } from "./completion-requests.ts";
import { Completions } from "./completions.ts";

const REQUEST: ReplyRequest = {
  system: "You answer the phone of Bright Smile Dental.\n\n# Notes\n- We are open from nine to five on weekdays.",
  messages: [{ role: "caller", text: "When are you open?" }],
  tools: [],
};
const never = new AbortController().signal;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

function connect(model: LanguageModel) {
  const { port1: main, port2: thread } = new MessageChannel();
  closers.push(() => main.close());
  const completions = new Completions({
    languageModels: { get: () => model },
    send: (message) => thread.postMessage(message),
  });
  const requests = new CompletionRequests((message) => {
    main.postMessage(message);
    return true;
  });
  thread.on("message", (message: ToCompletions) => completions.receive(message));
  main.on("message", (message: FromCompletions) => requests.receive(message));
  return requests;
}

/** A model made of a generator; tells how far it got and whether it was stopped. */
function scripted(reply: (signal: AbortSignal) => AsyncGenerator<ReplyPart>) {
  const seen = { made: 0, wasStopped: Promise.withResolvers<void>() };
  const model: LanguageModel = {
    name: "scripted/brain",
    async *reply(_request, signal) {
      try {
        for await (const part of reply(signal)) {
          seen.made++;
          yield part;
        }
      } finally {
        seen.wasStopped.resolve();
      }
    },
  };
  return { model, seen };
}

async function* words(count: number): AsyncGenerator<ReplyPart> {
  for (let n = 1; n <= count; n++) yield { type: "text", text: `${n} ` };
}

describe("a completion", () => {
  it("brings the receptionist's answer", async () => {
    let text = "";
    for await (const part of connect(receptionist()).complete(REQUEST, undefined, never))
      if (part.type === "text") text += part.text;
    expect(text).toContain("nine to five");
  });

  it("brings every part in order, to several readers at once", async () => {
    const requests = connect(scripted(() => words(500)).model);
    const read = async () => {
      let text = "";
      for await (const part of requests.complete(REQUEST, undefined, never))
        if (part.type === "text") text += part.text;
      return text.trim().split(" ").map(Number);
    };
    const expected = Array.from({ length: 500 }, (_, index) => index + 1);
    expect(await Promise.all([read(), read()])).toEqual([expected, expected]);
  });

  it("lets the model go no further than the reader can keep in mind", async () => {
    const { model, seen } = scripted(() => words(10_000));
    const reader = connect(model).complete(REQUEST, undefined, never);
    await reader.next();
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(seen.made).toBeLessThanOrEqual(COMPLETION_WINDOW + 1);
    await reader.return(undefined);
    await seen.wasStopped.promise;
  });

  it("stops the model when it is aborted, and ends without an error", async () => {
    const controller = new AbortController();
    const { model, seen } = scripted(async function* (signal) {
      yield { type: "text", text: "Well" };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
    const read: ReplyPart[] = [];
    for await (const part of connect(model).complete(REQUEST, undefined, controller.signal)) {
      read.push(part);
      setImmediate(() => controller.abort());
    }
    expect(read).toEqual([{ type: "text", text: "Well" }]);
    await seen.wasStopped.promise;
  });

  it("fails as the model did, after what it said before", async () => {
    const { model } = scripted(async function* () {
      yield { type: "text", text: "Well" };
      throw new ProviderError({
        provider: "acme/one",
        stage: "language-model",
        kind: "rate-limited",
        message: "too many requests",
      });
    });
    const reader = connect(model).complete(REQUEST, undefined, never);
    expect(await reader.next()).toEqual({ done: false, value: { type: "text", text: "Well" } });
    const error = await reader.next().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({
      provider: "acme/one",
      stage: "language-model",
      kind: "rate-limited",
      message: "too many requests",
      isRetryable: true,
    });
  });

  it("fails when the thread is gone", async () => {
    const requests = connect(scripted(() => words(1_000_000)).model);
    const reader = requests.complete(REQUEST, undefined, never);
    await reader.next();
    requests.abandon();
    const readOn = async () => {
      while (!(await reader.next()).done);
    };
    await expect(readOn()).rejects.toMatchObject({ kind: "internal", message: "the call thread stopped" });
  });
});
