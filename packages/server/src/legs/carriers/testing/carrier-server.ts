/** A server as main.ts wires it, at an address that carriers reach: real HTTP, real WebSockets, scripted models. */

import { serveCallAudio } from "../../../api/call-audio.ts";
import { serveCarrierStreams } from "../../../api/carrier-streams.ts";
import { createApp } from "../../../api/create-app.ts";
import type { Router } from "../../../api/router.ts";
import { TEST_KEY, testDeps } from "../../../api/testing/test-deps.ts";
import { LocalThread } from "../../../call-thread/testing/local-thread.ts";
import { placeTransfer } from "../../../calls/place-transfer.ts";
import { listen } from "../../../http-server.ts";
import { newId } from "../../../new-id.ts";
import type { EmbeddedTestDatabase } from "../../../storage/testing/each-database.ts";
import { DEFAULT_WORKSPACE_ID } from "../../../workspaces/workspace.ts";
import { AsteriskDesk } from "../../asterisk/asterisk-desk.ts";
import { AudioSocketServer } from "../../asterisk/audiosocket-server.ts";
import { CarrierDesk } from "../carrier-desk.ts";

/** Whom the agent of the server may transfer to. */
export const ABROAD = "+442079460958";

export type CarrierServer = Awaited<ReturnType<typeof startCarrierServer>>;

export async function startCarrierServer(opened: EmbeddedTestDatabase) {
  const deps = testDeps(opened.database, { dataDirectory: opened.dataDirectory });
  const thread = new LocalThread({
    store: deps,
    script: { texts: ["Are you open?"], replies: { "": ["Yes, until six."] } },
  });
  const takesCalls = { ...deps, control: thread };
  // The address is known once somebody listens.
  const serving: { app?: Router } = {};
  /** What carriers have told of calls, for those who listen in. */
  const told: Request[] = [];
  const fetch: Router["fetch"] = (request, ...rest) => {
    if (request.url.endsWith("/calls") && request.url.includes("/carriers/")) told.push(request.clone());
    return serving.app?.fetch(request, ...rest) ?? new Response(null, { status: 503 });
  };
  const http = await listen({ fetch } as Router, { host: "127.0.0.1", port: 0 });
  const origin = http.url;
  const carrierDesk = new CarrierDesk({
    deps: takesCalls,
    ...{ thread, log: deps.log, publicUrl: origin },
  });
  serving.app = createApp({ ...takesCalls, carrierDesk, dialler: carrierDesk, publicUrl: origin } as typeof deps);
  const { refer, ring } = carrierDesk;
  const whenOver = (callId: string) => thread.whenOver(callId);
  thread.placeTransfer = (callId, order) => placeTransfer({ ...takesCalls, refer, ring, whenOver }, callId, order);
  const allowed = { asterisk: ["127.0.0.1"], audiosocket: ["127.0.0.1"] };
  const asterisk = new AsteriskDesk({ deps: takesCalls, thread, log: deps.log, allowed });
  serveCallAudio(http.server, { ...deps, thread: { connect: () => undefined }, isHostAllowed: () => true });
  serveCarrierStreams(http.server, { desk: carrierDesk, asterisk, clock: deps.clock, log: deps.log });
  const audioSocket = new AudioSocketServer({ desk: asterisk, host: "127.0.0.1", port: 0, ...deps });
  const audioSocketPort = await audioSocket.start();
  const send = async (method: string, path: string, body?: object) => {
    const response = await globalThis.fetch(`${origin}${path}`, {
      method,
      headers: { Authorization: `Bearer ${TEST_KEY}`, "Content-Type": "application/json" },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    return JSON.parse(text === "" ? "{}" : text) as Readonly<Record<string, unknown>> & { readonly id: string };
  };
  const agent = await send("POST", "/v1/agents", {
    name: "Ada",
    greeting: { mode: "static", text: "Good morning." },
    isRecorded: false,
    transfers: [{ destination: ABROAD }],
  });
  return {
    ...{ deps, thread, send, origin, carrierDesk, audioSocketPort, told, agentId: agent.id },
    /** A number of the agent's, at a carrier or at none. */
    async number(phoneNumber: string, carrierAccountId?: string, agentId: string | undefined = agent.id) {
      const at = deps.clock.now();
      const id = newId("num", at.getTime());
      await deps.phoneNumbers.insert({
        ...{ id, workspaceId: DEFAULT_WORKSPACE_ID, phoneNumber, country: "US", status: "active", metadata: {} },
        ...{ sent: {}, createdAt: at.toISOString(), updatedAt: at.toISOString() },
        ...(agentId === "" ? {} : { agentId }),
        ...(carrierAccountId === undefined ? { source: "local" } : { source: "carrier", carrierAccountId }),
      } as Parameters<typeof deps.phoneNumbers.insert>[0]);
      return id;
    },
    /** Waits for a call to a number, or from one, to be in a state. */
    async call(numbers: object, state: object = { status: "ended" }) {
      for (;;) {
        const { data } = (await send("GET", "/v1/calls?limit=100")) as unknown as { data: Record<string, unknown>[] };
        const matches = (wanted: object) => (call: Record<string, unknown>) =>
          Object.entries(wanted).every(([name, value]) => call[name] === value);
        const found = data.filter(matches(numbers)).find(matches(state));
        if (found) return found as typeof found & { readonly id: string };
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    async close() {
      await audioSocket.close();
      await http.close();
    },
  };
}
