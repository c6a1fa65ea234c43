import { SocketNetwork, SystemClock, textBody, UserAgent } from "@earshot/telephony";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type EmbeddedTestDatabase, openEmbeddedForTest } from "../../storage/testing/each-database.ts";
import { AGENT_SAYS_NOTHING, ANSWER, type OwnDesk, startOwnDesk } from "./testing/own-desk.ts";

let database: EmbeddedTestDatabase;
let desk: OwnDesk;

beforeAll(async () => {
  database = await openEmbeddedForTest();
  desk = await startOwnDesk(database.database, { hasPorts: false });
}, 60_000);
afterAll(async () => {
  await desk.close();
  await database.dispose();
});

it("refuses a call for whose sound there is no port with 503, and lists it with the reason", async () => {
  const { id: agentId } = await desk.make("/v1/agents", AGENT_SAYS_NOTHING);
  const clock = new SystemClock();
  const caller = new UserAgent({ clock, network: new SocketNetwork({ clock, host: "127.0.0.1", udpPort: 0 }) });
  await caller.start();
  const refused = await new Promise((resolve) =>
    caller.invite({
      ...{ target: `sip:${agentId}@127.0.0.1:${desk.port}`, from: "sip:me@127.0.0.1" },
      body: textBody("application/sdp", ANSWER),
      watcher: { onEvent: (event) => event.kind === "failed" && resolve(event) },
    }),
  );
  expect(refused).toMatchObject({ status: 503, reason: "No Media Port Free" });
  await expect
    .poll(async () => (await desk.send("GET", "/v1/calls")).body["data"])
    .toMatchObject([{ status: "ended", endReason: "internal", error: expect.stringContaining("RTP port pairs") }]);
  await caller.close();
});
