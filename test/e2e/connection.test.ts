import { readFile } from "node:fs/promises";
import { parseWav, type Samples, toMs, toSamples } from "@earshot/engine";
import { type Agent, Earshot, type NewAgent } from "@earshot/sdk";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { composeLines } from "./compose-lines.ts";
import { joinSamples, lastSound, trimSilence } from "./samples.ts";
import { sharedServer } from "./shared-server.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { wordsHeard } from "./spoken-words.ts";
import { TestCaller } from "./test-caller.ts";
import { untilEnded } from "./until-ended.ts";

const STORY =
  "Once upon a time a fisherman by the sea found an old green bottle with a letter that nobody had ever read.";
const QUESTION = "When is the library open?";
const ANSWER = "The library is open from nine to five.";
const SATURDAY_QUESTION = "What are your opening hours on Saturday?";
const SATURDAY = "On Saturday we are open from nine in the morning to one.";

describe("a call's connection", () => {
  const server = sharedServer();
  let earshot: Earshot;
  let question: Samples;
  const callers: TestCaller[] = [];

  beforeAll(async () => {
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    question = await speakAsCaller(earshot, QUESTION);
  });
  afterEach(() => {
    for (const caller of callers.splice(0)) caller.close();
  });

  const makeAgent = (settings: Partial<NewAgent> = {}): Promise<Agent> =>
    earshot.agents.create({
      name: "Library under test",
      prompt: "You answer the phone of a library.",
      greeting: { mode: "off" },
      notes: [ANSWER],
      models: { languageModel: "builtin/receptionist" },
      ...settings,
    });
  const call = async (agent: Agent, options: { pace?: "real" | "fast"; isSending?: boolean } = {}) => {
    const { pace = "real" } = options;
    const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web", pace });
    const caller = await TestCaller.call(audioUrl, options);
    callers.push(caller);
    return { id, audioUrl, caller };
  };

  it("goes on after it was lost, with nothing doubled and nothing left out", async () => {
    const story = await speakAsCaller(earshot, STORY);
    const { id, caller } = await call(await makeAgent({ greeting: { mode: "static", text: STORY } }));
    await caller.until(() => toMs(caller.playedSamples) > 1_500, "the reply was under way");
    await caller.vanish();
    await caller.comeBack();
    await caller.untilFact("leg-resumed");
    await caller.untilFact("reply-ended");
    expect(trimSilence(joinSamples(caller.received))).toEqual(trimSilence(story));
    await caller.hangUp();
    const { transcript } = await untilEnded(earshot, id);
    expect(transcript).toEqual([expect.objectContaining({ role: "agent", text: STORY })]);
    const { data } = await earshot.calls.journal(id);
    expect(caller.entries).toEqual(data.slice(0, caller.entries.length));
    expect(data.length - caller.entries.length, "facts after the last that a client sees").toBeLessThanOrEqual(3);
  });

  it("refuses who has no token for it", async () => {
    const agent = await makeAgent();
    const { audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web" });
    expect(await connectInVain(audioUrl.replace(/token=.*/, "token=wrong"))).toBe(401);
    expect(await connectInVain(audioUrl.replace(/\?.*/, ""))).toBe(401);
    expect(await connectInVain(audioUrl.replace(/call_[a-z0-9]+/, "call_0"))).toBe(401);
    expect(await connectInVain(audioUrl.replace("/audio", "/video"))).toBe(404);
  });

  it("tells a latecomer that the call is over", async () => {
    const { id, audioUrl, caller } = await call(await makeAgent());
    await caller.hangUp();
    await untilEnded(earshot, id);
    expect(await connectInVain(audioUrl), "with the token that began it").toBe(401);
    const late = new WebSocket(caller.url);
    const message = await new Promise((resolve, reject) => {
      late.once("message", (data) => resolve(JSON.parse(String(data))));
      late.once("error", reject);
    });
    late.terminate();
    expect(message).toMatchObject({ type: "error", code: "call_over" });
  });

  it("explains messages that it doesn't understand, and goes on", async () => {
    const { caller } = await call(await makeAgent());
    for (const [sent, problem] of [
      ["no json", "no JSON"],
      ['{"type":"played","samples":-1}', "samples"],
      ['{"type":"digit","digit":"x"}', "digit"],
      ['{"type":"unheard-of"}', "type"],
      ["[]", "message"],
    ] as const) {
      caller.messages.length = 0;
      caller.send(sent);
      expect(await caller.untilMessage("error")).toMatchObject({
        code: "bad_message",
        message: expect.stringContaining(problem),
      });
    }
    caller.send(new Uint8Array([1]));
    caller.send(new Uint8Array(0));
    caller.tell({ type: "digit", digit: "5" });
    await caller.untilFact("digit-pressed");
    expect(await caller.hangUp()).toBe("caller-hung-up");
  });

  it("breaks off on a message that is too large, and can be resumed", async () => {
    const { caller } = await call(await makeAgent());
    await caller.sendUntilCut(new Uint8Array(100_000));
    await caller.comeBack();
    await caller.untilFact("leg-resumed");
    expect(await caller.hangUp()).toBe("caller-hung-up");
  });

  it("breaks off on more messages than a call needs, says so, and can be resumed", async () => {
    const { caller } = await call(await makeAgent());
    for (let sent = 0; sent < 5_000; sent++) caller.tell({ type: "played", samples: 0 });
    expect(await caller.untilMessage("error")).toMatchObject({ code: "too_many_messages" });
    await caller.untilCut();
    await caller.comeBack();
    await caller.untilFact("leg-resumed");
    expect(await caller.hangUp()).toBe("caller-hung-up");
  });

  it("warns who sends audio faster than it can be spoken, and drops what is too much", async () => {
    const { id, caller } = await call(await makeAgent());
    for (let second = 0; second < 30; second++) caller.send(new Uint8Array(32_000));
    expect(await caller.untilMessage("error")).toMatchObject({ code: "audio_too_fast" });
    await caller.hangUp();
    await untilEnded(earshot, id);
    expect(parseWav(await earshot.calls.recording(id)).durationMs).toBeLessThan(10_000);
  });

  it("answers a caller whose audio stops in the middle of a word", async () => {
    const { caller } = await call(await makeAgent());
    await caller.say(question.slice(0, lastSound(question)));
    caller.mute();
    await caller.untilFact("transcript-final");
    await caller.untilFact("reply-ended");
    expect(caller.transcript("agent")).toContain("nine to five");
  });

  it("keeps two calls at once apart", async () => {
    const sides = [
      { asked: QUESTION, note: ANSWER, calls: await call(await makeAgent()), speech: question },
      {
        asked: SATURDAY_QUESTION,
        note: SATURDAY,
        calls: await call(await makeAgent({ notes: [SATURDAY] })),
        speech: await speakAsCaller(earshot, SATURDAY_QUESTION),
      },
    ];
    await Promise.all(sides.map(({ calls, speech }) => calls.caller.say(speech)));
    await Promise.all(sides.map(({ calls }) => calls.caller.untilFact("reply-ended")));
    for (const { asked, note, calls } of sides) {
      expect(calls.caller.transcript("agent")).toContain(note);
      await calls.caller.hangUp();
      const { transcript } = await untilEnded(earshot, calls.id);
      const [said = "", ...others] = transcript.filter(({ role }) => role === "caller").map(({ text }) => text);
      expect(others).toEqual([]);
      expect(wordsHeard(asked, said), said).toBeGreaterThanOrEqual(0.6);
    }
  });

  it.skipIf(server.pid === undefined)(
    "bears four minutes of talk without a pause",
    async () => {
      const { pid = 0 } = server;
      const sentence = "The harbour was quiet that morning, and nobody spoke of the storm, ";
      const talk = trimSilence(await speakAsCaller(earshot, sentence.repeat(5)));
      const loops = Math.ceil(toSamples(240_000) / talk.length);
      const lines = Array.from({ length: loops }, (_, index) => ({ atMs: index * toMs(talk.length), samples: talk }));
      const endless = composeLines(lines, { tailMs: 0 });
      const { id, caller } = await call(await makeAgent(), { pace: "fast" });
      await caller.say(endless.subarray(0, toSamples(120_000)));
      const halfwayMb = await residentMb(pid);
      await caller.say(endless.subarray(toSamples(120_000)));
      const afterwardsMb = await residentMb(pid);
      await caller.untilFact("reply-ended");
      await caller.hangUp();
      const ended = await untilEnded(earshot, id);
      expect(ended.durationMs).toBeGreaterThanOrEqual(240_000);
      const heard = ended.transcript.filter(({ role }) => role === "caller").map(({ text }) => text);
      expect(heard.join(" ").split(" ").length, "words").toBeGreaterThan(240);
      expect(afterwardsMb - halfwayMb, "MB more in the second half").toBeLessThan(100);
    },
    240_000,
  );
});

/** The HTTP status with which a WebSocket is refused. */
function connectInVain(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.on("unexpected-response", (_, response) => {
      resolve(response.statusCode);
      socket.terminate();
    });
    socket.on("open", () => reject(new Error("the connection was accepted")));
    socket.on("error", () => {});
  });
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
