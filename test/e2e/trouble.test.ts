import { toMs, toSamples } from "@earshot/engine";
import { Earshot } from "@earshot/sdk";
import type { WebSocketRoute } from "playwright-core";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { callAgent, microphoneHasPlayed } from "./page-steps.ts";
import { sharedServer } from "./shared-server.ts";
import { findStretches } from "./speech-stretches.ts";
import { openTalkingBrowser, readPageSound, reasonToSkip, type TalkingBrowser } from "./talking-browser.ts";

const AGENT_NAME = "Storyteller under test";
const GREETING = "Good day. This greeting is long enough to be broken in the middle, and to go on afterwards.";
/** A code for applications; the page takes it for a network that failed. */
const BROKEN = 3001;

describe.skipIf(reasonToSkip() !== undefined)("a call in trouble", () => {
  const server = sharedServer();
  let browser: TalkingBrowser;

  beforeAll(async () => {
    const earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
    await earshot.agents.create({
      name: AGENT_NAME,
      prompt: "You greet people.",
      greeting: { mode: "static", text: GREETING },
      models: { languageModel: "builtin/receptionist" },
    });
  });
  afterEach(() => browser?.close());

  it("goes on where it was when the connection comes back", async () => {
    browser = await openTalkingBrowser(new Int16Array(toSamples(30_000)));
    const { page } = browser;
    const connections: WebSocketRoute[] = [];
    await page.routeWebSocket(/\/audio\?/, (route) => {
      connections.push(route);
      route.connectToServer();
    });
    await callAgent(page, { server, name: AGENT_NAME });
    await page.locator('.caption[data-role="agent"]', { hasText: "Good" }).waitFor();
    await connections[0]?.close({ code: BROKEN });
    await page.getByText("The connection is lost.").waitFor();
    await page.getByText("The connection is lost.").waitFor({ state: "hidden" });
    await page.locator('.caption[data-role="agent"]', { hasText: "afterwards" }).waitFor();
    await microphoneHasPlayed(page, 9_000);
    expect(connections).toHaveLength(2);
    const { agent } = await readPageSound(page);
    const spoken = findStretches(agent, { joinMs: 100 }).reduce((sum, { start, end }) => sum + end - start, 0);
    expect(toMs(spoken), "ms of speech").toBeGreaterThan(3_000);
  });

  it("explains a microphone that was refused, and makes no call", async () => {
    browser = await openTalkingBrowser(new Int16Array(toSamples(1_000)), { isMicrophoneAllowed: false });
    await callAgent(browser.page, { server, name: AGENT_NAME });
    await browser.page.getByRole("heading", { name: "The microphone is blocked for this page." }).waitFor();
    await browser.page.getByRole("button", { name: "Try again" }).waitFor();
  });
});
