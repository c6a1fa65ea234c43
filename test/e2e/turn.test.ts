/** Calls of browsers whose only way is a TURN relay: a real one, with the credentials that Earshot gives out. */
import { ENGINE_RATE_HZ } from "@earshot/engine";
import { Earshot } from "@earshot/sdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemWallClock } from "../../packages/server/src/wall-clock.ts";
import { iceServersFor } from "../../packages/server/src/web-calls/ice-servers.ts";
import type { WebRtcConfig } from "../../packages/server/src/web-rtc-config.ts";
import { type PageElsewhere, servePage } from "./page-elsewhere.ts";
import { sharedServer } from "./shared-server.ts";
import { openTalkingBrowser, reasonToSkip, type TalkingBrowser } from "./talking-browser.ts";
import { startTurnRelay, type TurnRelay, whyNoRelay } from "./turn-relay.ts";

const SECRET = "shared-by-both";
const USER = { username: "earshot", password: "known-to-all" };

describe.skipIf((reasonToSkip() ?? whyNoRelay()) !== undefined)("a caller who reaches nothing but a relay", () => {
  const server = sharedServer();
  const earshot = new Earshot({ baseUrl: server.url, apiKey: server.apiKey });
  const relays: TurnRelay[] = [];
  let agentId: string;
  let elsewhere: PageElsewhere;
  let browser: TalkingBrowser;

  beforeAll(async () => {
    relays.push(await startTurnRelay({ secret: SECRET }), await startTurnRelay(USER));
    agentId = (await earshot.agents.create({ name: "Practice", greeting: { mode: "static", text: "Hello." } })).id;
    elsewhere = await servePage(() => page(server.url));
    browser = await openTalkingBrowser(new Int16Array(ENGINE_RATE_HZ * 60));
    await browser.page.goto(elsewhere.origin);
    await browser.page.waitForFunction(() => "start" in globalThis);
  });

  afterAll(async () => {
    await browser?.close();
    await elsewhere?.close();
    for (const relay of relays) await relay.stop();
  });

  /** @param turn as it stands in the settings; the shared server itself names no relay */
  async function start(transport: string, turn: NonNullable<WebRtcConfig["turn"]>): Promise<string> {
    const relay = relays["secret" in turn ? 0 : 1];
    const iceUrls = [`turn:${relay?.host}:${relay?.port}?transport=${transport}`];
    const access = await earshot.calls.createWeb({ agentId });
    const iceServers = iceServersFor({ iceUrls, turn }, systemWallClock, access.callId);
    await browser.page.evaluate(([given, through]) => globalThis.start(given, through), [access, iceServers] as const);
    return access.callId;
  }

  it.each([
    ["udp", { secret: SECRET }],
    ["tcp", { secret: SECRET }],
    ["udp", USER],
  ])("is heard and hears over WebRTC, by %s with %o", async (transport, turn) => {
    const callId = await start(transport, turn);
    await browser.page.waitForFunction(() => told.media === "webrtc");
    await earshot.calls.say(callId, { text: "We are open from nine to five." });
    await browser.page.waitForFunction(async () => (await way()).energy > 0);
    expect(await browser.page.evaluate(() => way())).toMatchObject({ kind: "relay", toRelay: transport });
    await browser.page.evaluate(() => hangUp());
  });

  it("hears the agent over the socket, without a wait, where the relay refuses it", async () => {
    await start("udp", { secret: "another" });
    await browser.page.waitForFunction(() => told.refusal !== undefined && told.heardMs !== undefined);
    const { media, refusal, heardMs } = await browser.page.evaluate(() => told);
    expect([media, refusal]).toEqual([undefined, 401]);
    expect(heardMs, "ms until the greeting").toBeLessThan(2_000);
    await browser.page.evaluate(() => hangUp());
  });
});

/** In the page. */
declare global {
  var told: { readonly media?: string; readonly refusal?: number; readonly heardMs?: number };
  var start: (access: object, iceServers: readonly object[]) => Promise<void>;
  var hangUp: () => void;
  /** What the sound goes over, and how much of it has come. */
  var way: () => Promise<{ readonly kind: string; readonly toRelay: string; readonly energy: number }>;
}

/** Its browser takes the relays that the test names for the server's, and no other way. */
function page(server: string): string {
  return `<!doctype html><title>Behind a firewall</title><link rel="icon" href="data:,">
    <script type="module">
      import { createWebCall } from "${server}/earshot-web.js";
      const Direct = RTCPeerConnection;
      let call, peer, through;
      globalThis.RTCPeerConnection = class extends Direct {
        constructor(configuration) {
          super({ ...configuration, iceServers: through, iceTransportPolicy: "relay" });
          peer = this;
          this.onicecandidateerror = ({ errorCode }) => { told.refusal = errorCode; };
        }
      };
      globalThis.start = async (access, iceServers) => {
        globalThis.told = {};
        through = iceServers;
        call = createWebCall({ baseUrl: "${server}" });
        let startedMs = 0;
        call.on("call-start", () => { startedMs = performance.now(); });
        call.on("media", (media) => { told.media = media; });
        call.on("volume-level", (level) => { if (level > 0.1) told.heardMs ??= performance.now() - startedMs; });
        await call.start(access);
      };
      globalThis.hangUp = () => call.stop();
      globalThis.way = async () => {
        const stats = [...(await peer.getStats()).values()];
        const pair = stats.find(({ type, nominated, state }) => type === "candidate-pair" && nominated && state === "succeeded");
        const local = stats.find(({ id }) => id === pair?.localCandidateId);
        const inbound = stats.find(({ type }) => type === "inbound-rtp");
        return { kind: local?.candidateType, toRelay: local?.relayProtocol, energy: inbound?.totalAudioEnergy ?? 0 };
      };
    </script>`;
}
