/** Calls from a page of another origin, in a real browser: over WebRTC, over the socket where UDP is blocked, by widget. */
import { parseWav, toEngineRate } from "@earshot/engine";
import { type Call, Earshot } from "@earshot/sdk";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { composeLines } from "./compose-lines.ts";
import { eventually } from "./eventually.ts";
import { type PageElsewhere, servePage } from "./page-elsewhere.ts";
import { sharedServer } from "./shared-server.ts";
import { wordsHeard } from "./spoken-words.ts";
import { openTalkingBrowser, reasonToSkip, type TalkingBrowser } from "./talking-browser.ts";

const GREETING = "Hello, this is the practice. How can I help you?";
const QUESTION = "Please tell me the opening hours of the practice.";
/** After the greeting. */
const SAID_AT_MS = 6_000;
const NO_UDP = ["--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy"];

type Told = { readonly name: string; readonly atMs: number; readonly detail: unknown };

describe.skipIf(reasonToSkip() !== undefined)("a call from somebody's page", () => {
  const server = sharedServer();
  const earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
  let elsewhere: PageElsewhere;
  let microphone: Int16Array;
  let publicKey: string;
  const browsers: TalkingBrowser[] = [];

  beforeAll(async () => {
    const { id: agentId } = await earshot.agents.create({
      name: "Practice",
      greeting: { mode: "static", text: GREETING },
      notes: ["Our opening hours are from nine to five, from Monday to Friday."],
      models: { languageModel: "builtin/receptionist" },
    });
    elsewhere = await servePage((path) => pages(server.url, publicKey)[path]);
    const key = await earshot.publicKeys.create({ name: "Website", agentId, allowedOrigins: [elsewhere.origin] });
    publicKey = key.id;
    const question = toEngineRate(parseWav(await earshot.speech.create({ text: QUESTION })));
    microphone = composeLines([{ atMs: SAID_AT_MS, samples: question }], { tailMs: 4_000 });
  });

  afterAll(async () => {
    for (const browser of browsers) await browser.close();
    await elsewhere?.close();
  });

  async function open(path: string, options: { args?: readonly string[] } = {}): Promise<Page> {
    const browser = await openTalkingBrowser(microphone, options);
    browsers.push(browser);
    await browser.page.goto(`${elsewhere.origin}${path}`);
    return browser.page;
  }

  /** Calls with the SDK and talks until the caller was understood. */
  async function talk(args: readonly string[] = []): Promise<{ told: readonly Told[]; call: Call }> {
    const page = await open("/sdk", { args });
    await page.getByRole("button", { name: "Call" }).click();
    await page.waitForFunction(
      () =>
        toldSoFar().some(
          ({ name, detail }) => name === "transcript" && isFinalOfCaller(detail) && /practice/i.test(detail.text),
        ),
      undefined,
      { timeout: 40_000 },
    );
    await page.getByRole("button", { name: "Hang up" }).click();
    await page.waitForFunction(() => toldSoFar().some(({ name }) => name === "call-end"));
    const told = await page.evaluate(() => toldSoFar());
    const begun = told.find(({ name }) => name === "call-start")?.detail as { callId: string } | undefined;
    const call = await eventually(async () => {
      const found = await earshot.calls.get(begun?.callId ?? "");
      expect(found.status).toBe("ended");
      return found;
    });
    return { told, call };
  }

  function expectTalked(told: readonly Told[]): void {
    const said = told.filter(({ name, detail }) => name === "transcript" && isFinalOfCaller(detail));
    const words = said.map(({ detail }) => (detail as { text: string }).text).join(" ");
    expect(wordsHeard(QUESTION, words), words).toBeGreaterThanOrEqual(0.75);
    const loudest = Math.max(...told.flatMap(({ name, detail }) => (name === "volume-level" ? [Number(detail)] : [])));
    expect(loudest, "the agent is heard").toBeGreaterThan(0.3);
  }

  it("goes over WebRTC, and how it sounded is kept with it", async () => {
    const { told, call } = await talk();
    expectTalked(told);
    const media = told.filter(({ name }) => name === "media").map(({ detail }) => detail);
    expect(media[0]).toBe("webrtc");
    const [started, moved] = ["call-start", "media"].map((wanted) => told.find(({ name }) => name === wanted)?.atMs);
    expect((moved ?? 0) - (started ?? 0), "ms until the sound is there").toBeLessThan(5_000);
    expect(call.quality).toMatchObject({ codec: "opus", mos: expect.any(Number) });
  });

  it("goes over the socket where the network lets no UDP through, without waiting", async () => {
    const { told, call } = await talk(NO_UDP);
    expectTalked(told);
    expect(told.some(({ name, detail }) => name === "media" && detail === "webrtc")).toBe(false);
    const at = (wanted: string) => told.find(({ name }) => name === wanted)?.atMs ?? 0;
    expect(at("speech-start") - at("call-start"), "ms until the greeting").toBeLessThan(2_000);
    expect(call.quality).toBeUndefined();
  });

  it("is one click on the widget, with a key that anybody may see", async () => {
    const page = await open("/widget");
    const widget = page.getByRole("region", { name: "Ask us" });
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await widget.getByRole("status").getByText("Speaking").waitFor();
    await widget.getByRole("status").getByText("Listening").waitFor();
    await widget.getByRole("button", { name: "Mute" }).click();
    await widget.getByText("Microphone off").waitFor();
    await widget.getByRole("button", { name: "Hang up" }).click();
    await widget.getByText("You hung up.").waitFor();
    const [call] = (await earshot.calls.list({ limit: 1 })).data;
    expect(call?.metadata).toEqual({ publicKey });
    expect(browsers.at(-1)?.complaints).toEqual([]);
  });

  it("says in a sentence why there is none", async () => {
    await earshot.publicKeys.update(publicKey, { allowedOrigins: ["https://www.example.com"] });
    const page = browsers.at(-1)?.page as Page;
    await page.getByRole("button", { name: "Ask us" }).click();
    await page.getByText(`pages of ${elsewhere.origin} may not use this key`).waitFor();
  });
});

/** In the page. */
declare function toldSoFar(): Told[];

function isFinalOfCaller(detail: unknown): detail is { readonly text: string } {
  const line = detail as { readonly role: string; readonly isFinal: boolean };
  return line.isFinal && line.role === "user";
}

function pages(server: string, publicKey: string): Readonly<Record<string, string>> {
  return {
    "/sdk": `<!doctype html><title>SDK</title><link rel="icon" href="data:,"><button id="call">Call</button><button id="stop">Hang up</button>
      <script type="module">
        import { createWebCall, fetchPublicAccess } from "${server}/earshot-web.js";
        const told = [];
        globalThis.toldSoFar = () => told;
        globalThis.isFinalOfCaller = (line) => line.isFinal && line.role === "user";
        const call = createWebCall({ baseUrl: "${server}" });
        for (const name of ["call-start", "call-end", "speech-start", "speech-end", "transcript", "media", "volume-level", "error"])
          call.on(name, (detail) => told.push({ name, detail, atMs: performance.now() }));
        document.querySelector("#call").onclick = () =>
          call.start(() => fetchPublicAccess({ baseUrl: "${server}", publicKey: "${publicKey}" }));
        document.querySelector("#stop").onclick = () => call.stop();
      </script>`,
    "/widget": `<!doctype html><title>Widget</title><link rel="icon" href="data:,">
      <script src="${server}/widget.js" data-key="${publicKey}" data-label="Ask us" async></script>`,
  };
}
