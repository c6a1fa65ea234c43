import { ENGINE_RATE_HZ, encodeWav, parseWav, toEngineRate, toMs, toSamples } from "@earshot/engine";
import { Earshot } from "@earshot/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeLines } from "./compose-lines.ts";
import { callAgent, microphoneHasPlayed } from "./page-steps.ts";
import { sharedServer } from "./shared-server.ts";
import { findStretches, type Stretch } from "./speech-stretches.ts";
import { wordsHeard } from "./spoken-words.ts";
import {
  openTalkingBrowser,
  type PageSound,
  readPageSound,
  reasonToSkip,
  type TalkingBrowser,
} from "./talking-browser.ts";

const AGENT_NAME = "Practice under test";
const QUESTION = "Please tell me the opening hours of the practice.";
const INTERRUPTION = "Stop please, that is enough, thank you.";
const OPENING_HOURS =
  "Our opening hours are from nine in the morning until five in the afternoon, from Monday to Friday, and on Saturday " +
  "from ten in the morning until noon.";

/** From the first sample of an interruption to the agent's last: detection, 300 ms of speech, the way there and back. */
const MAX_STOP_MS = 1500;

describe.skipIf(reasonToSkip() !== undefined)("talking through the page", () => {
  const server = sharedServer();
  let earshot: Earshot;
  let browser: TalkingBrowser;
  let page: Page;
  let sound: PageSound;

  beforeAll(async () => {
    earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    await createAgent(earshot);
    const microphone = await composeMicrophone(earshot);
    browser = await openTalkingBrowser(microphone);
    page = browser.page;
    await callAgent(page, { server, name: AGENT_NAME });
    await microphoneHasPlayed(page, toMs(microphone.length));
    sound = await readPageSound(page);
  });

  afterAll(async () => {
    await browser?.close();
  });

  it("shows in captions what the caller said", async () => {
    const said = await page.locator('.caption[data-role="caller"] .caption-text').allTextContents();
    expect(wordsHeard(QUESTION, said[0] ?? ""), said[0]).toBeGreaterThanOrEqual(0.75);
    expect(wordsHeard(QUESTION, said[1] ?? ""), said[1]).toBeGreaterThanOrEqual(0.75);
  });

  it("lets the caller hear the reply that the captions show", async () => {
    const [, reply = ""] = await page.locator('.caption[data-role="agent"] .caption-text').allTextContents();
    const [first, second] = microphoneLines(sound);
    const heard = trimSilence(sound.agent.subarray(first.end, second.start));
    const { text } = await earshot.transcriptions.create(encodeWav({ samples: heard, sampleRateHz: ENGINE_RATE_HZ }));
    expect(wordsHeard(OPENING_HOURS, reply), reply).toBeGreaterThanOrEqual(0.8);
    expect(wordsHeard(reply, text), `heard: ${text}`).toBeGreaterThanOrEqual(0.7);
  });

  it("stops the agent when the caller talks over it", async () => {
    const [, , interruption] = microphoneLines(sound);
    const before = sound.agent.subarray(interruption.start - toSamples(400), interruption.start);
    const captions = await page.locator(".captions").textContent();
    expect(findStretches(before, { joinMs: 100 }), `the agent was talking; captions: ${captions}`).not.toEqual([]);
    const after = sound.agent.subarray(interruption.start, interruption.end + toSamples(300));
    const stoppedAfter = findStretches(after, { joinMs: 250 })[0]?.end ?? 0;
    expect(toMs(stoppedAfter), "ms until the agent was silent").toBeLessThanOrEqual(MAX_STOP_MS);
    expect(findStretches(after.subarray(stoppedAfter), { joinMs: 250 }), "it stays silent").toEqual([]);
  });

  it("marks the reply that was cut off and shows only what was heard of it", async () => {
    const [shown = "", ...others] = await page
      .locator('.caption[data-state="cut-off"] .caption-text')
      .allTextContents();
    expect(others).toEqual([]);
    expect(shown).toContain("cut off");
    expect(OPENING_HOURS).toContain(
      shown
        .split(/ — | …/)[0]
        ?.trim()
        .split(/\s+/)
        .slice(0, 3)
        .join(" "),
    );
    expect(wordsHeard(OPENING_HOURS, shown), shown).toBeLessThan(0.9);
  });

  it("shows where the time of each turn went", async () => {
    const row = page.locator(".turn-row").first();
    await row.click();
    const total = toNumber(await row.locator(".turn-total").textContent());
    // The row beneath them, without a colour of its own, says what a reply begun early has saved.
    const rows = page.locator(".turn-segments").first().locator("div:has(.turn-segment) dd");
    const parts = (await rows.allTextContents()).map(toNumber);
    expect(parts.length).toBeGreaterThan(5);
    expect(total).toBeGreaterThan(100);
    expect(Math.abs(parts.reduce((sum, part) => sum + part, 0) - total)).toBeLessThanOrEqual(parts.length);
  });

  it("ends with the reason, the transcript and a recording of both sides", async () => {
    await page.getByRole("button", { name: "Hang up" }).click();
    await page.getByText("You hung up.").waitFor();
    const link = page.getByRole("link", { name: "Download the recording" });
    await link.waitFor({ timeout: 15_000 });
    const recording = await page.request.get(new URL((await link.getAttribute("href")) ?? "", server.url).href);
    expect(recording.headers()["content-type"]).toContain("audio/wav");
    expect((await recording.body()).length).toBeGreaterThan(ENGINE_RATE_HZ * 4 * 10);
    await expect(page.locator(".caption").count()).resolves.toBeGreaterThanOrEqual(5);
  });

  it("breaks none of the rules that the server sets for its pages", () => {
    expect(browser.complaints.filter((words) => !words.includes("401"))).toEqual([]);
  });
});

async function createAgent(earshot: Earshot): Promise<void> {
  await earshot.agents.create({
    name: AGENT_NAME,
    prompt: "You answer the phone of a dental practice.",
    greeting: { mode: "static", text: "Hello, this is the practice." },
    notes: [OPENING_HOURS],
    models: { languageModel: "builtin/receptionist" },
  });
}

/** The question, heard out; the question again, and three and a half seconds later the interruption of its answer. */
async function composeMicrophone(earshot: Earshot): Promise<Int16Array> {
  const say = async (text: string) => toEngineRate(parseWav(await earshot.speech.create({ text })));
  const question = await say(QUESTION);
  const interruption = await say(INTERRUPTION);
  const againAtMs = 6_000 + toMs(question.length) + 15_000;
  return composeLines(
    [
      { atMs: 6_000, samples: question },
      { atMs: againAtMs, samples: question },
      { atMs: againAtMs + toMs(question.length) + 3_500, samples: interruption },
    ],
    { tailMs: 1_000 },
  );
}

/** Where the three lines were said, as the page's microphone heard them. */
function microphoneLines({ microphone, sampleRateHz }: PageSound): [Stretch, Stretch, Stretch] {
  expect(sampleRateHz).toBe(ENGINE_RATE_HZ);
  const [first, second, third, ...others] = findStretches(microphone, { joinMs: 1200 });
  if (first === undefined || second === undefined || third === undefined || others.length > 0)
    throw new Error("the microphone did not hear three lines");
  return [first, second, third];
}

/** From the first sound to the last, with a little silence around them. */
function trimSilence(samples: Int16Array): Int16Array {
  const stretches = findStretches(samples, { joinMs: 0 });
  const start = (stretches[0]?.start ?? 0) - toSamples(200);
  const end = (stretches.at(-1)?.end ?? 0) + toSamples(300);
  return samples.subarray(Math.max(start, 0), end);
}

function toNumber(text: string | null): number {
  return Number.parseInt(text ?? "", 10);
}
