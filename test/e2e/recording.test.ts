import { fileURLToPath } from "node:url";
import { parseWav, type Samples, toMs } from "@earshot/engine";
import { Earshot } from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OwnServer, startOwnServer } from "./running-server.ts";
import { findSamples, joinSamples, lastSound, trimSilence } from "./samples.ts";
import { speakAsCaller } from "./speak-as-caller.ts";
import { findStretches } from "./speech-stretches.ts";
import { TestCaller } from "./test-caller.ts";
import { untilEnded } from "./until-ended.ts";

const STALL_HOOK = fileURLToPath(new URL("./stall-hook.ts", import.meta.url));
const STORY =
  "Once upon a time a fisherman by the sea found an old green bottle with a letter that nobody had ever read.";
const QUESTION = "What did the letter say?";
const ANSWER = "The letter said that the treasure lies under the lighthouse.";

describe("a server whose main thread stalls", () => {
  let server: OwnServer;
  let caller: TestCaller;
  let story: Samples;
  let question: Samples;
  let tracks: { readonly caller: Samples; readonly agent: Samples };
  let saidToHeardMs: number;

  beforeAll(async () => {
    server = await startOwnServer({ nodeArguments: ["--import", STALL_HOOK] });
    const earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    const agent = await earshot.agents.create({
      name: "Storyteller under test",
      prompt: "You tell stories.",
      greeting: { mode: "static", text: STORY },
      notes: [ANSWER],
      models: { languageModel: "builtin/receptionist" },
    });
    story = await speakAsCaller(earshot, STORY);
    question = await speakAsCaller(earshot, QUESTION);
    const { id, audioUrl } = await earshot.calls.create({ agentId: agent.id, type: "web" });
    caller = await TestCaller.call(audioUrl);
    await caller.untilFact("reply-ended");
    const heardBefore = caller.received.length;
    await caller.say(question);
    const saidAtMs = performance.now();
    await caller.until(() => caller.received.length > heardBefore, "the answer");
    saidToHeardMs = performance.now() - saidAtMs;
    await caller.untilFact("reply-ended", ({ event }) => "replyId" in event && event.replyId === "reply-2");
    await caller.hangUp();
    await untilEnded(earshot, id);
    tracks = split(parseWav(await earshot.calls.recording(id)).samples);
  });
  afterAll(() => server?.stop());

  it("records every sample of what the agent says, without a gap", () => {
    const spoken = trimSilence(story);
    const at = findSamples(tracks.agent, spoken);
    expect(tracks.agent.subarray(at, at + spoken.length)).toEqual(spoken);
  });

  it("records every sample of what the caller says, without a gap", () => {
    const spoken = trimSilence(question);
    const at = findSamples(tracks.caller, spoken);
    expect(tracks.caller.subarray(at, at + spoken.length)).toEqual(spoken);
  });

  it("sends the agent's audio early enough for a client that keeps 60 ms in hand", () => {
    const heard = joinSamples(caller.received);
    expect(toMs(heard.length)).toBeGreaterThan(toMs(story.length) - 100);
    expect(caller.gapsMs).toEqual([]);
  });

  it("keeps both tracks in time with each other", () => {
    const spoken = trimSilence(question);
    const end = findSamples(tracks.caller, spoken) + spoken.length;
    const answer = findStretches(tracks.agent.subarray(end), { joinMs: 200 })[0];
    const silentTailMs = toMs(question.length - lastSound(question));
    const recordedMs = toMs(answer?.start ?? Number.NaN) - silentTailMs;
    expect(Math.abs(recordedMs - saidToHeardMs)).toBeLessThan(150);
  });
});

function split(stereo: Samples): { caller: Samples; agent: Samples } {
  const caller = new Int16Array(stereo.length >> 1);
  const agent = new Int16Array(stereo.length >> 1);
  for (let at = 0; at < caller.length; at++) {
    caller[at] = stereo[at * 2] ?? 0;
    agent[at] = stereo[at * 2 + 1] ?? 0;
  }
  return { caller, agent };
}
