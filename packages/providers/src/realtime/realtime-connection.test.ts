import { afterEach, describe, expect, it } from "vitest";
import { openCall } from "./testing/open-call.ts";

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

describe("a model that can't be had", () => {
  it("because its key is wrong fails at once, without the key in the message", async () => {
    const call = await open({ apiKey: "sk-wrong" });
    call.stream.ask({ askId: 1 });
    const { error } = await call.nth("failed");
    expect(error).toMatchObject({ kind: "unauthorized", isRetryable: false });
    expect(error.message).not.toContain("sk-wrong");
    expect(call.told()).toEqual(["failed: unauthorized"]);
  });

  it("because it never answers its settings fails after five seconds", async () => {
    const call = await open({ server: { isDeaf: true } });
    const session = await call.server.session(0);
    await session.next("session.update");
    await session.roundTrip();
    await call.clock.advance(4_900);
    expect(call.told()).toEqual([]);
    await call.clock.advance(500);
    expect(call.told()).toEqual(["failed: timeout"]);
  });

  it("because it refuses its settings fails with the reason", async () => {
    const call = await open({ server: { isDeaf: true } });
    const session = await call.server.session(0);
    await session.next("session.update");
    const error = {
      type: "invalid_request_error",
      code: "invalid_value",
      message: "No such voice.",
      event_id: "session",
    };
    session.send({ type: "error", error });
    expect((await call.nth("failed")).error).toMatchObject({
      kind: "bad-request",
      message: "openai/voice-1: No such voice. (invalid_value)",
    });
  });

  it("because its key is refused after the connection is unauthorized", async () => {
    const call = await open({ server: { isDeaf: true } });
    const session = await call.server.session(0);
    const message = "Incorrect API key provided: sk-secret.";
    session.send({ type: "error", error: { type: "invalid_request_error", code: "invalid_api_key", message } });
    const { error } = await call.nth("failed");
    expect(error.kind).toBe("unauthorized");
    expect(error.message).not.toContain("secret");
  });
});

describe("a connection that breaks", () => {
  it("is made again, and the model knows what was said", async () => {
    const call = await open({
      server: { hears: ["I need a table."], answer: () => ({ text: "For how many people?" }) },
      history: [{ role: "agent", text: "Good evening." }],
    });
    call.speak(1500, 400);
    await call.nth("words");
    await call.nth("reply-ended");
    call.stream.tell([{ role: "instruction", text: "The caller pressed 4." }]);
    const first = await call.server.session(0);
    first.drop();
    const second = await call.server.session(1);
    await second.until(({ items }) => items.length === 4);
    expect(second.items.map(({ role, text }) => `${role}: ${text}`)).toEqual([
      "assistant: Good evening.",
      "user: I need a table.",
      "assistant: For how many people?",
      "system: The caller pressed 4.",
    ]);
    expect(second.settings?.instructions).toBe("You are a receptionist.");
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended", 2);
    expect(call.told().at(-2)).toBe("reply-started for 1");
  });

  it("while the model speaks has that reply fail, and the next one told where it was cut", async () => {
    const call = await open({ server: { answer: ({ index }) => ({ text: LONG, isHeld: index === 0 }) } });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio", 5);
    const first = await call.server.session(0);
    first.drop();
    await call.nth("reply-failed");
    call.stream.ask({ askId: 2 });
    await call.nth("reply-ended");
    expect(call.told()).toEqual([
      "reply-started for 1",
      "reply failed: unreachable",
      "reply-started for 2",
      "reply-ended",
    ]);
    const second = await call.server.session(1);
    expect(second.items[0]).toMatchObject({ role: "assistant", text: expect.stringMatching(/^A long answer .*—$/) });
  });

  it("has the next one told no more of a reply than was heard", async () => {
    const call = await open({ server: { answer: () => ({ text: LONG, isHeld: true }) } });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio", 5);
    const { replyId } = await call.nth("reply-started");
    call.stream.cancel(replyId, 500);
    await call.nth("reply-ended");
    (await call.server.session(0)).drop();
    const second = await call.server.session(1);
    await second.until(({ items }) => items.length === 1);
    expect(second.items[0]?.text).toBe("A long —");
  });

  it("before a reply began has it asked for again", async () => {
    const call = await open({ server: { isMute: true } });
    call.stream.ask({ askId: 1 });
    const first = await call.server.session(0);
    await first.next("response.create");
    await first.roundTrip();
    first.drop();
    const second = await call.server.session(1);
    expect(await second.next("response.create")).toMatchObject({ event_id: "ask_2" });
    second.send({ type: "response.created", response: { id: "resp_1", metadata: { ask: "ask_2" } } });
    await call.nth("reply-started");
    expect(call.told()).toEqual(["reply-started for 1"]);
  });

  it("in the middle of the caller's words has the model ask for them", async () => {
    const call = await open({ server: { answer: ({ conversation }) => ({ text: conversation.at(-1) ?? "" }) } });
    call.speak(600, 300);
    await call.nth("speech-started");
    const first = await call.server.session(0);
    first.drop();
    await call.nth("reply-ended");
    expect(call.told()).toEqual(["speech-started 1", "speech-ended 1", "words 1: ", "reply-started", "reply-ended"]);
    expect(
      call
        .all("reply-text")
        .map(({ text }) => text)
        .join(""),
    ).toContain("last words were lost");
  });

  it("keeps counting the caller's audio from the start of the call", async () => {
    const call = await open({ server: { hears: ["One.", "Two."] } });
    call.speak(1500, 400);
    await call.nth("reply-ended");
    await call.nth("words");
    const first = await call.server.session(0);
    first.drop();
    const second = await call.server.session(1);
    await second.next("session.update");
    call.speak(1500, 400);
    await call.nth("reply-ended", 2);
    const starts = call.all("speech-started").map(({ sampleCount }) => sampleCount / 16);
    expect(Math.abs((starts[1] ?? 0) - (starts[0] ?? 0) - 1500)).toBeLessThanOrEqual(20);
  });

  it("twice within a minute is the end", async () => {
    const call = await open();
    const first = await call.server.session(0);
    await first.next("session.update");
    await first.roundTrip();
    first.drop();
    const second = await call.server.session(1);
    await second.next("session.update");
    await second.roundTrip();
    second.drop();
    await call.nth("failed");
    expect(call.told()).toEqual(["failed: unreachable"]);
  });

  it("again after a minute is made again", async () => {
    const call = await open();
    for (let i = 0; i < 3; i++) {
      const session = await call.server.session(i);
      await session.next("session.update");
      await session.roundTrip();
      // In steps, as time passes: pings want an answer.
      for (let second = 0; second < 13; second++) {
        await call.clock.advance(5_000);
        await session.roundTrip();
      }
      session.drop();
    }
    await call.server.session(3);
    expect(call.told()).toEqual([]);
  });

  it("and can't be made again fails with the reason", async () => {
    const call = await open();
    const first = await call.server.session(0);
    await first.next("session.update");
    await first.roundTrip();
    call.server.refusals.push(401);
    first.drop();
    expect((await call.nth("failed")).error.kind).toBe("unauthorized");
  });

  it.each([
    ["what is not JSON", "{oops"],
    ["what is no event", "[1, 2]"],
    ["an event without its content", '{"type":"response.output_audio.delta"}'],
    ["bytes", Buffer.from([0xff, 0x00, 0xfe])],
  ])("because it sends %s counts as broken", async (_what, data) => {
    const call = await open();
    const first = await call.server.session(0);
    await first.next("session.update");
    first.sendRaw(data);
    await call.server.session(1);
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended");
    const second = await call.server.session(1);
    second.sendRaw(data);
    await call.nth("failed");
    expect(call.told()).toEqual(["reply-started for 1", "reply-ended", "failed: bad-response"]);
  });
});

describe("a session", () => {
  it("that expires is followed by another", async () => {
    const call = await open();
    const first = await call.server.session(0);
    await first.next("session.update");
    const error = { type: "invalid_request_error", code: "session_expired", message: "60 minutes." };
    first.send({ type: "error", error });
    await call.server.session(1);
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended");
    expect(call.told()).toEqual(["reply-started for 1", "reply-ended"]);
  });

  it("that grows old is replaced while nobody speaks", async () => {
    const call = await open();
    call.stream.ask({ askId: 1, say: "Good morning." });
    await call.nth("reply-ended");
    const first = await call.server.session(0);
    for (let minute = 0; minute < 56 * 12; minute++) {
      await call.clock.advance(5_000);
      if (call.server.sessions.length > 1) break;
      await first.roundTrip();
    }
    const second = await call.server.session(1);
    await second.until(({ items }) => items.length === 1);
    expect(call.clock.nowMs() / 60_000).toBeGreaterThanOrEqual(55);
    expect(call.told()).toEqual(["reply-started for 1", "reply-ended"]);
  });

  it("that never says that it took its settings works all the same", async () => {
    const call = await open({ server: { isDeaf: true } });
    const session = await call.server.session(0);
    session.send({ type: "input_audio_buffer.speech_started", item_id: "item_1", audio_start_ms: 0 });
    await call.nth("speech-started");
    await call.clock.advance(6_000);
    expect(call.all("failed")).toEqual([]);
  });

  it("takes complaints that come too late, and events that nobody knows, for nothing", async () => {
    const call = await open();
    const session = await call.server.session(0);
    await session.next("session.update");
    await session.roundTrip();
    for (const code of ["response_cancel_not_active", "item_not_found", "invalid_value", "something_new"])
      session.send({ type: "error", error: { type: "invalid_request_error", code, message: "Too late." } });
    session.send({ type: "response.sparkles.delta", delta: 5 });
    session.send({ type: "response.output_audio.delta", response_id: "nobody's", item_id: "i", delta: "AAAA" });
    session.send({ type: "ping", timestamp: 1 });
    await session.roundTrip();
    expect(call.told()).toEqual([]);
  });
});
