import { describe, expect, it } from "vitest";
import { makeScriptedCall } from "../testing/scripted-call.ts";
import type { ScriptedReply } from "../testing/scripted-models.ts";
import type { Scene } from "./scene.ts";

const scene = { tools: [], variables: [], voiceId: "scripted:tone" };
const SCENES: Record<string, Scene> = {
  main: { ...scene, system: "You answer the phone.", speed: 1 },
  sales: { ...scene, system: "You sell.", speed: 1.5, languageModel: "seller", temperature: 0.2 },
};

function makeCall(replies: Record<"usual" | "seller", readonly ScriptedReply[]>) {
  const texts = ["Hello there.", "I want to buy."];
  return makeScriptedCall({ texts, replies: replies.usual, otherReplies: { seller: replies.seller }, scenes: SCENES });
}

describe("a scene", () => {
  it("gives the next reply its prompt, model and voice", async () => {
    const call = makeCall({ usual: ["Good morning."], seller: ["Which one?"] });
    await call.say(600, 3_000);
    call.session.post({ type: "scene-entered", sceneId: "sales" });
    await call.say(600, 3_000);
    expect(call.languageModel.requests.map(({ system }) => system)).toEqual(["You answer the phone."]);
    expect(call.otherModel("seller")?.requests).toMatchObject([{ system: "You sell.", temperature: 0.2 }]);
    expect(call.textToSpeech.spoken).toMatchObject([
      { text: "Good morning.", speed: 1 },
      { text: "Which one?", speed: 1.5 },
    ]);
    expect(call.session.conversation.scene).toBe("sales");
    expect(call.isReplayable()).toBe(true);
  });

  it("is kept by a reply that began in it", async () => {
    const long = ["one", "two", "three", "four", "five"]
      .map((word) => `${word} is what I count to now, and on. `)
      .join("");
    const call = makeCall({ usual: [long], seller: ["Which one?"] });
    await call.say(600, 2_000);
    call.session.post({ type: "scene-entered", sceneId: "sales" });
    await call.clock.advance(20_000);
    const counted = call.textToSpeech.spoken.filter((request) => request.text.includes("count"));
    expect(counted.map(({ speed }) => speed)).toEqual([1, 1, 1, 1, 1]);
  });

  it("that the call has not ends the call, and says which", async () => {
    const call = makeCall({ usual: ["Hello."], seller: [] });
    call.session.post({ type: "scene-entered", sceneId: "nowhere" });
    await call.say(600, 3_000);
    expect(String(call.bugs[0])).toContain('no scene "nowhere"');
    expect(call.session.conversation.phase).toEqual({ name: "ended", reason: "internal" });
  });
});
