import { afterEach, describe, expect, it } from "vitest";
import { openCall } from "./testing/open-call.ts";
import { xaiVendor } from "./xai.ts";

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function open(...args: Parameters<typeof openCall>) {
  const call = await openCall(...args);
  closers.push(call.close);
  return call;
}

const LONG = "A long answer that goes on and on until somebody says stop, which takes quite a while to happen.";
const held = { answer: () => ({ text: LONG, isHeld: true }) };

function busy(event_id: string) {
  const code = "conversation_already_has_active_response";
  return { type: "error", error: { type: "invalid_request_error", code, message: "Busy.", event_id } };
}

describe("a turn", () => {
  it("is told with its times, without what the vendor adds around it", async () => {
    const call = await open({ server: { hears: ["Hi."] }, turnDetection: { silenceMs: 200, prefixPaddingMs: 100 } });
    call.speak(1200, 400);
    await call.nth("reply-ended");
    await call.nth("words");
    const [started] = call.all("speech-started");
    const [ended] = call.all("speech-ended");
    expect(Math.abs((started?.sampleCount ?? 0) / 16 - 300)).toBeLessThanOrEqual(20);
    expect(Math.abs((ended?.sampleCount ?? 0) / 16 - 700)).toBeLessThanOrEqual(40);
    expect(call.told().slice(0, 2)).toEqual(["speech-started 1", "speech-ended 1"]);
    expect(call.all("words")[0]?.text).toBe("Hi.");
  });

  it("whose words never come has none after ten seconds", async () => {
    const call = await open();
    const session = await call.server.session(0);
    await session.next("session.update");
    session.send({ type: "input_audio_buffer.speech_started", item_id: "item_1", audio_start_ms: 0 });
    session.send({ type: "input_audio_buffer.speech_stopped", item_id: "item_1", audio_end_ms: 500 });
    await call.nth("speech-ended");
    await call.clock.advance(9_900);
    expect(call.all("words")).toEqual([]);
    await call.clock.advance(500);
    expect(call.all("words")).toEqual([{ type: "words", utteranceId: 1, text: "" }]);
    session.send({
      type: "conversation.item.input_audio_transcription.completed",
      item_id: "item_1",
      transcript: "Hi",
    });
    session.send({ type: "input_audio_buffer.speech_started", item_id: "item_2", audio_start_ms: 0 });
    await call.nth("speech-started", 2);
    expect(call.all("words")).toHaveLength(1);
  });

  it("that the recogniser failed at has no words", async () => {
    const call = await open();
    const session = await call.server.session(0);
    session.send({ type: "input_audio_buffer.speech_stopped", item_id: "item_1" });
    session.send({
      type: "conversation.item.input_audio_transcription.failed",
      item_id: "item_1",
      error: { code: "audio_unintelligible" },
    });
    expect((await call.nth("words")).text).toBe("");
  });
});

describe("a reply", () => {
  it("that is cancelled stops at the vendor, and the model knows what was heard of it", async () => {
    const call = await open({ server: held });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio", 5);
    const [reply] = call.all("reply-started");
    call.stream.cancel(reply?.replyId ?? "", 450);
    await call.nth("reply-ended");
    const session = await call.server.session(0);
    await session.until(({ received }) => received.some(({ type }) => type === "conversation.item.truncate"));
    expect(session.received.slice(-2)).toMatchObject([
      { type: "response.cancel", response_id: reply?.replyId },
      { type: "conversation.item.truncate", audio_end_ms: 450, content_index: 0 },
    ]);
    expect(session.items.map(({ audioMs }) => audioMs)).toEqual([450]);
  });

  it("that was all given and half heard is cut off at the vendor", async () => {
    const call = await open();
    call.stream.ask({ askId: 1, say: "Twenty characters ok" });
    const { replyId } = await call.nth("reply-started");
    await call.nth("reply-ended");
    call.stream.cancel(replyId, 400);
    const session = await call.server.session(0);
    await session.next("conversation.item.truncate");
    expect(session.received.map(({ type }) => type)).not.toContain("response.cancel");
    expect(session.items.map(({ audioMs, text }) => ({ audioMs, text }))).toEqual([{ audioMs: 400, text: "Twenty c" }]);
  });

  it("that was heard to its end, or further than it goes, is left as it is", async () => {
    const call = await open();
    call.stream.ask({ askId: 1, say: "Twenty characters ok" });
    const { replyId } = await call.nth("reply-started");
    await call.nth("reply-ended");
    call.stream.cancel(replyId, 99_999);
    call.stream.ask({ askId: 2 });
    await call.nth("reply-ended", 2);
    const session = await call.server.session(0);
    expect(session.received.map(({ type }) => type)).toEqual(["session.update", "response.create", "response.create"]);
  });

  it("whose cancellation is never answered is over after two seconds", async () => {
    const call = await open();
    const session = await call.server.session(0);
    session.send({ type: "response.created", response: { id: "resp_1" } });
    await call.nth("reply-started");
    call.stream.cancel("resp_1", 0);
    await call.clock.advance(2100);
    await call.nth("reply-ended");
    session.send({ type: "response.output_audio.delta", response_id: "resp_1", item_id: "i", delta: "AAAAAAAA" });
    session.send({ type: "response.done", response: { id: "resp_1", status: "completed" } });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended", 2);
    expect(call.told()).toEqual(["reply-started", "reply-ended", "reply-started for 1", "reply-ended"]);
  });

  it("of which nothing comes any more fails after fifteen seconds", async () => {
    const call = await open({ server: held });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio", 5);
    await call.clock.advance(15_300);
    expect(call.told()).toEqual(["reply-started for 1", "reply failed: timeout"]);
    const session = await call.server.session(0);
    await session.next("response.cancel");
    call.stream.ask({ askId: 2, say: "Still there?" });
    await call.nth("reply-ended");
  });

  it.each([
    ["failed", "rate_limit_exceeded", "reply failed: rate-limited"],
    ["failed", "server_error", "reply failed: internal"],
    ["incomplete", "content_filter", "reply failed: bad-response"],
    ["incomplete", "max_output_tokens", "reply-ended"],
  ] as const)("that comes back %s because of %s is told as %s", async (status, reason, told) => {
    const call = await open({ server: { answer: () => ({ text: "Well", status, reason }) } });
    call.stream.ask({ askId: 1 });
    await call.until(() => call.told().length === 2);
    expect(call.told()).toEqual(["reply-started for 1", told]);
  });

  it("that the vendor has forgotten is over when the next one begins", async () => {
    const call = await open({ server: { isMute: true } });
    const session = await call.server.session(0);
    session.send({ type: "response.created", response: { id: "resp_1" } });
    session.send({ type: "response.created", response: { id: "resp_2" } });
    session.send({ type: "response.output_audio_transcript.delta", response_id: "resp_1", delta: "late" });
    session.send({ type: "response.done", response: { id: "resp_2", status: "completed" } });
    await call.nth("reply-ended", 2);
    expect(call.told()).toEqual(["reply-started", "reply-ended", "reply-started", "reply-ended"]);
    expect(call.all("reply-text")).toEqual([]);
  });

  it("is heard as a whole, however it is cut", async () => {
    const call = await open();
    const session = await call.server.session(0);
    session.send({ type: "response.created", response: { id: "resp_1" } });
    const bytes = Buffer.from(new Int16Array(24_000).fill(1000).buffer);
    for (const [from, to] of [
      [0, 1],
      [1, 4801],
      [4801, 4801],
      [4801, 48_000],
    ] as const) {
      const delta = bytes.subarray(from, to).toString("base64");
      session.send({ type: "response.output_audio.delta", response_id: "resp_1", item_id: "item_1", delta });
    }
    session.send({ type: "response.done", response: { id: "resp_1", status: "completed" } });
    await call.nth("reply-ended");
    const samples = call.all("reply-audio").flatMap((event) => [...event.samples]);
    expect(samples).toHaveLength(16_000);
    for (const sample of samples.slice(100, -100)) expect(sample).toBe(1000);
  });
});

describe("a request", () => {
  it("waits for the end of the reply that is under way", async () => {
    const call = await open({
      server: { hears: ["Hi."], answer: ({ index }) => ({ text: LONG, isHeld: index === 0 }) },
    });
    call.speak(1500, 400);
    await call.nth("reply-started");
    call.stream.ask({ askId: 1 });
    await call.nth("words");
    const session = await call.server.session(0);
    expect(session.received.map(({ type }) => type)).not.toContain("response.create");
    session.release();
    await call.nth("reply-ended", 2);
    expect(call.all("reply-started").map(({ askId }) => askId)).toEqual([undefined, 1]);
  });

  it("that meets a reply of the model's own is made again after it", async () => {
    const call = await open({ server: { isMute: true } });
    call.stream.ask({ askId: 1 });
    const session = await call.server.session(0);
    expect(await session.next("response.create")).toMatchObject({ event_id: "ask_1" });
    session.send({ type: "response.created", response: { id: "resp_1", metadata: null } });
    session.send(busy("ask_1"));
    await call.nth("reply-started");
    await call.clock.advance(1000);
    session.send({ type: "response.done", response: { id: "resp_1", status: "completed" } });
    await session.until(({ received }) => received.at(-1)?.["event_id"] === "ask_2");
    session.send({ type: "response.created", response: { id: "resp_2", metadata: { ask: "ask_2" } } });
    await call.nth("reply-started", 2);
    expect(call.told()).toEqual(["reply-started", "reply-ended", "reply-started for 1"]);
  });

  it("that meets a server which is busy with what we don't know of is made again soon, and not for ever", async () => {
    const call = await open({ server: { isMute: true } });
    call.stream.ask({ askId: 1 });
    const session = await call.server.session(0);
    for (let tries = 1; tries <= 5; tries++) {
      await session.until(({ received }) => received.at(-1)?.["event_id"] === `ask_${tries}`);
      session.send(busy(`ask_${tries}`));
      await session.roundTrip();
      await call.clock.advance(500);
    }
    await call.nth("reply-failed");
    expect(call.told()).toEqual(["ask 1 failed: bad-request"]);
  });

  it.each([["ask_1"], [null]])("that is refused fails with the reason (event id %s)", async (event_id) => {
    const call = await open({ server: { isMute: true } });
    call.stream.ask({ askId: 3 });
    const session = await call.server.session(0);
    await session.next("response.create");
    session.send({
      type: "error",
      error: { type: "server_error", code: "rate_limit_exceeded", message: "slow", event_id },
    });
    const { error } = await call.nth("reply-failed");
    expect(error).toMatchObject({ kind: "rate-limited", message: "openai/voice-1: slow (rate_limit_exceeded)" });
    expect(call.told()).toEqual(["ask 3 failed: rate-limited"]);
  });

  it("that nothing comes of fails after ten seconds, and a late reply to it is stopped", async () => {
    const call = await open({ server: { isMute: true } });
    call.stream.ask({ askId: 1 });
    const session = await call.server.session(0);
    await session.next("response.create");
    await session.roundTrip();
    await call.clock.advance(9_900);
    expect(call.told()).toEqual([]);
    await call.clock.advance(500);
    expect(call.told()).toEqual(["ask 1 failed: timeout"]);
    session.send({ type: "response.created", response: { id: "resp_1", metadata: { ask: "ask_1" } } });
    await session.next("response.cancel");
    session.send({
      type: "response.done",
      response: { id: "resp_1", status: "cancelled", metadata: { ask: "ask_1" } },
    });
    await session.roundTrip();
    expect(call.told()).toEqual(["ask 1 failed: timeout"]);
  });

  it("says which words, without tools", async () => {
    const call = await open();
    call.stream.ask({ askId: 1, say: "Good morning." });
    await call.nth("reply-ended");
    const session = await call.server.session(0);
    expect(await session.next("response.create")).toMatchObject({
      response: {
        tool_choice: "none",
        metadata: { ask: "ask_1" },
        instructions: expect.stringMatching(/Good morning\.$/),
      },
    });
  });

  it("says which words to xAI by an item of their own", async () => {
    const call = await open({ vendor: xaiVendor, server: { manners: "xai" } });
    call.stream.ask({ askId: 1, say: "Good morning." });
    await call.nth("reply-ended");
    const session = await call.server.session(0);
    expect(await session.next("conversation.item.create")).toMatchObject({
      item: { type: "force_message", role: "assistant", content: [{ type: "output_text", text: "Good morning." }] },
    });
    expect(call.told()).toEqual(["reply-started for 1", "reply-ended"]);
  });

  it("is one of twenty at most", async () => {
    const call = await open({ server: held });
    for (let askId = 1; askId <= 21; askId++) call.stream.ask({ askId });
    await call.clock.advance(1);
    expect(call.told()).toContain("ask 21 failed: overloaded");
  });
});
