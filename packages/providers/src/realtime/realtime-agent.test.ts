import { afterEach, describe, expect, it } from "vitest";
import { openAiVendor } from "./openai.ts";
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

describe("tools", () => {
  it.each([
    ["openai", openAiVendor()],
    ["openai-beta", openAiVendor("endpoint")],
    ["xai", xaiVendor],
  ] as const)("are called once each, %s's way, and their results arrive", async (manners, vendor) => {
    const calls = [
      { name: "look_up", arguments: '{"query":"hours"}' },
      { name: "book", arguments: "{}" },
    ];
    const call = await open({
      vendor,
      server: { manners, answer: ({ index }) => (index === 0 ? { text: "One moment.", calls } : { text: "Done." }) },
    });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended");
    expect(call.told()).toEqual([
      "reply-started for 1",
      'calls look_up({"query":"hours"})',
      "calls book({})",
      "reply-ended",
    ]);
    const [first] = call.all("reply-tool-call");
    call.stream.tell([
      { role: "tool", toolCallId: first?.call.id ?? "", name: "look_up", outcome: "failed", result: "closed" },
      { role: "tool", toolCallId: "of another model", name: "weather", outcome: "succeeded", result: "rain" },
    ]);
    call.stream.ask({ askId: 2 });
    await call.nth("reply-ended", 2);
    const session = await call.server.session(0);
    const told = session.items.slice(-3, -1).map(({ type, callId, text }) => ({ type, callId, text }));
    expect(told).toEqual([
      { type: "function_call_output", callId: first?.call.id, text: "The call failed: closed" },
      { type: "message", callId: undefined, text: "The tool weather succeeded. Its result: rain" },
    ]);
  });

  it("called by a reply that was cancelled are not, and the model does not wait for them", async () => {
    const call = await open();
    const session = await call.server.session(0);
    session.send({ type: "response.created", response: { id: "resp_1" } });
    await call.nth("reply-started");
    call.stream.cancel("resp_1", 0);
    session.send({
      type: "response.function_call_arguments.done",
      response_id: "resp_1",
      item_id: "item_9",
      call_id: "call_9",
      name: "book",
      arguments: "{}",
    });
    session.send({ type: "response.done", response: { id: "resp_1", status: "cancelled" } });
    await call.nth("reply-ended");
    expect(await session.next("conversation.item.delete")).toMatchObject({ item_id: "item_9" });
    expect(call.all("reply-tool-call")).toEqual([]);
  });
});

describe("another brief", () => {
  it("is told between two replies", async () => {
    const call = await open({ server: held });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio", 5);
    call.stream.rebrief({ ...call.brief, system: "You are the accountant." });
    const session = await call.server.session(0);
    expect(session.settings?.instructions).toBe("You are a receptionist.");
    session.release();
    await call.nth("reply-ended");
    await session.until(({ settings }) => settings?.instructions === "You are the accountant.");
  });

  it("with another voice needs another session of OpenAI, which knows what was said", async () => {
    const call = await open();
    call.stream.ask({ askId: 1, say: "Good morning." });
    await call.nth("reply-ended");
    call.stream.rebrief({ ...call.brief, voiceId: "openai:cedar" });
    call.stream.ask({ askId: 2 });
    await call.nth("reply-ended", 2);
    const session = await call.server.session(1);
    expect(session.settings?.voice).toBe("cedar");
    expect(session.items[0]).toMatchObject({ role: "assistant", text: "Good morning." });
    expect(call.told()).toEqual(["reply-started for 1", "reply-ended", "reply-started for 2", "reply-ended"]);
  });

  it("that says what the last one said is not told", async () => {
    const call = await open();
    call.stream.rebrief({ ...call.brief });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended");
    const session = await call.server.session(0);
    expect(session.received.map(({ type }) => type)).toEqual(["session.update", "response.create"]);
  });

  it("with another vendor's voice keeps the voice that it has", async () => {
    const call = await open();
    call.stream.rebrief({ ...call.brief, system: "You are the accountant.", voiceId: "flite:slt" });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-ended");
    const session = await call.server.session(0);
    expect(session.settings).toMatchObject({ instructions: "You are the accountant.", voice: "marin" });
    expect(call.server.sessions).toHaveLength(1);
  });

  it("with another voice has requests that wait answered one by one in the new session", async () => {
    const call = await open({ server: { answer: ({ index }) => ({ text: "Yes.", isHeld: index === 0 }) } });
    call.stream.ask({ askId: 1 });
    await call.nth("reply-audio");
    call.stream.rebrief({ ...call.brief, voiceId: "openai:cedar" });
    for (const askId of [2, 3, 4]) call.stream.ask({ askId });
    (await call.server.session(0)).release();
    await call.nth("reply-ended", 4);
    const session = await call.server.session(1);
    expect(session.received.filter(({ type }) => type === "response.create")).toHaveLength(3);
    expect(call.all("reply-started").map(({ askId }) => askId)).toEqual([1, 2, 3, 4]);
    expect(call.all("reply-failed")).toEqual([]);
  });

  it("with another voice waits for the caller to finish, but for its words", async () => {
    const call = await open({ server: { hears: ["Hi."] } });
    call.speak(600, 300);
    await call.nth("speech-started");
    call.stream.rebrief({ ...call.brief, system: "You are the accountant.", voiceId: "openai:cedar" });
    call.speak(900);
    await call.nth("reply-ended");
    expect((await call.nth("words")).text).toBe("Hi.");
    await call.clock.advance(250);
    const [first, second] = [await call.server.session(0), await call.server.session(1)];
    expect(first.settings?.instructions).toBe("You are the accountant.");
    await second.until(({ settings }) => settings?.voice === "cedar");
    expect(second.items.map(({ text }) => text)).toEqual(["Hi.", "You said: Hi."]);
  });

  it("with another voice is a setting like others for xAI", async () => {
    const call = await open({ vendor: xaiVendor, server: { manners: "xai" } });
    call.stream.ask({ askId: 1, say: "Good morning." });
    await call.nth("reply-ended");
    call.stream.rebrief({ ...call.brief, voiceId: "xai:Leo" });
    const session = await call.server.session(0);
    await session.until(({ settings }) => settings?.voice === "leo");
  });
});
