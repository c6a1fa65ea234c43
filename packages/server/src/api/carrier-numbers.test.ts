import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { startTelnyxCarrier, TELNYX_CREDENTIALS } from "../carriers/testing/telnyx-carrier.ts";
import { startTwilioCarrier, TWILIO_CREDENTIALS } from "../carriers/testing/twilio-carrier.ts";
import type { AppDeps } from "../http/app-deps.ts";
import { confirmOrder } from "../phone-numbers/buy-phone-number.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { testDeps } from "./testing/test-deps.ts";
import { twoWorkspaces } from "./testing/two-workspaces.ts";

const PUBLIC_URL = "https://voice.example";

describeOnEachDatabase("carrier accounts and their numbers", (database) => {
  let twilio: Awaited<ReturnType<typeof startTwilioCarrier>>;
  let telnyx: Awaited<ReturnType<typeof startTelnyxCarrier>>;
  beforeAll(async () => {
    [twilio, telnyx] = [await startTwilioCarrier(), await startTelnyxCarrier()];
  });
  afterAll(async () => {
    await twilio.close();
    await telnyx.close();
  });
  afterEach(async () => {
    for (const table of ["phone_numbers", "documents"]) await database().pool.query(`truncate ${table}`);
  });

  const setUp = async (overrides: Partial<AppDeps> = {}) => {
    const orders: string[] = [];
    const carrierJobs = { ...noJobs, confirmOrder: async (id: string) => void orders.push(id) };
    const deps = testDeps(database(), { publicUrl: PUBLIC_URL, carrierJobs, ...overrides });
    return { deps, orders, ...(await twoWorkspaces(deps)) };
  };
  const twilioAccount = () => ({
    ...{ name: "Ours", provider: "twilio", apiUrl: twilio.url, credentials: TWILIO_CREDENTIALS },
  });
  const telnyxAccount = () => ({
    ...{ name: "Ours", provider: "telnyx", apiUrl: telnyx.url, credentials: TELNYX_CREDENTIALS },
  });

  test("accounts are kept once the carrier accepts them, and never show what opens them", async () => {
    const { mine, theirs } = await setUp();
    const created = await mine("POST", "/v1/carrier-accounts", twilioAccount());
    expect(created).toMatchObject({
      status: 201,
      body: { provider: "twilio", accountName: TWILIO_CREDENTIALS.accountSid, keywordReplies: {} },
    });
    const path = `/v1/carrier-accounts/${created.body.id}`;
    expect(JSON.stringify((await mine("GET", "/v1/carrier-accounts")).body)).not.toMatch(/a-token|ealed/);
    expect((await theirs("GET", path)).status).toBe(404);
    expect((await theirs("POST", `${path}/check`)).status).toBe(404);
    expect((await mine("POST", `${path}/check`)).body).toEqual({ isOk: true });
    const wrong = { credentials: { ...TWILIO_CREDENTIALS, authToken: "wrong" } };
    expect(await mine("PATCH", path, wrong)).toMatchObject({
      status: 400,
      body: { errors: [{ path: "credentials" }], detail: expect.stringContaining("Authenticate (20003)") },
    });
    expect((await mine("PATCH", path, { provider: "telnyx" })).status).toBe(400);
    expect((await mine("PATCH", path, { name: "New", keywordReplies: { help: "Call us." } })).body).toMatchObject({
      name: "New",
      keywordReplies: { help: "Call us." },
    });
    expect((await mine("POST", `${path}/check`)).body).toEqual({ isOk: true });
    expect((await mine("DELETE", path)).status).toBe(204);
  });

  test("accounts are refused with the credential that is missing or wrong", async () => {
    const { mine } = await setUp();
    const create = async (input: object) => {
      const { status, body } = await mine("POST", "/v1/carrier-accounts", { name: "x", ...input });
      return [status, (body["errors"] as { path: string }[] | undefined)?.[0]?.path];
    };
    expect(await create({ provider: "twilio", credentials: { accountSid: "AC1" } })).toEqual([
      400,
      "credentials.accountSid",
    ]);
    expect(await create({ provider: "telnyx", credentials: { apiKey: "KEY" } })).toEqual([
      400,
      "credentials.publicKey",
    ]);
    expect(await create({ provider: "plivo" })).toEqual([400, "credentials"]);
    expect(await create({ provider: "nobody" })).toEqual([400, "provider"]);
    expect(await create({ ...twilioAccount(), apiUrl: "http://10.0.0.1" })).toEqual([400, "apiUrl"]);
    twilio.faults.push(503, 503, 503);
    expect(await create(twilioAccount())).toEqual([502, undefined]);
    expect(await create({ ...twilioAccount(), apiUrl: "http://127.0.0.1:1" })).toEqual([502, undefined]);
    twilio.faults.push(503, 503);
    expect((await create(twilioAccount()))[0]).toBe(201);
  });

  test("numbers are searched, bought once, routed here and given back", async () => {
    const { mine, theirs, orders } = await setUp();
    const { id: carrierAccountId } = (await mine("POST", "/v1/carrier-accounts", twilioAccount())).body;
    const query = `carrierAccountId=${carrierAccountId}&areaCode=212&capabilities=voice,sms`;
    expect((await theirs("GET", `/v1/phone-numbers/available?${query}`)).status).toBe(404);
    const found = await mine("GET", `/v1/phone-numbers/available?${query}`);
    expect(found.body).toMatchObject({
      data: [
        { phoneNumber: "+12125557001", country: "US", locality: "New York", capabilities: ["voice", "sms"] },
        { phoneNumber: "+12125557002" },
      ],
    });
    expect(twilio.asked.at(-1)?.query.get("SmsEnabled")).toBe("true");
    const agent = await mine("POST", "/v1/agents", { name: "Ada" });
    const purchase = { carrierAccountId, phoneNumber: "+12125557001", agentId: agent.body.id, name: "Desk" };
    const bought = await mine("POST", "/v1/phone-numbers/buy", purchase);
    expect(bought).toMatchObject({
      status: 201,
      body: { source: "carrier", carrierAccountId, agentId: agent.body.id },
    });
    expect([...twilio.numbers.values()]).toMatchObject([
      {
        VoiceUrl: `${PUBLIC_URL}/carriers/${carrierAccountId}/calls`,
        SmsUrl: `${PUBLIC_URL}/carriers/${carrierAccountId}/messages`,
      },
    ]);
    expect(orders).toHaveLength(1);
    expect((await mine("POST", "/v1/phone-numbers/buy", purchase)).status).toBe(409);
    const gone = { ...purchase, phoneNumber: "+12125557009" };
    expect(await mine("POST", "/v1/phone-numbers/buy", gone)).toMatchObject({
      status: 422,
      body: { code: "carrier_refused", detail: expect.stringContaining("not available (21422)") },
    });
    expect((await mine("DELETE", `/v1/carrier-accounts/${carrierAccountId}`)).status).toBe(409);
    twilio.faults.push(503, 503, 503);
    expect((await mine("DELETE", `/v1/phone-numbers/${bought.body.id}`)).status).toBe(502);
    expect((await mine("DELETE", `/v1/phone-numbers/${bought.body.id}`)).body).toMatchObject({ status: "released" });
    expect(twilio.numbers.size).toBe(0);
    expect((await mine("DELETE", `/v1/carrier-accounts/${carrierAccountId}`)).status).toBe(204);
  });

  test("a number whose purchase was cut off is found and stored later, and one that wasn't sold is not", async () => {
    const { mine, orders, deps } = await setUp();
    const { id: carrierAccountId } = (await mine("POST", "/v1/carrier-accounts", twilioAccount())).body;
    const purchase = { carrierAccountId, phoneNumber: "+14155557003", name: "Lost" };
    twilio.faults.push("lose");
    expect(await mine("POST", "/v1/phone-numbers/buy", purchase)).toMatchObject({
      status: 502,
      body: { code: "carrier_unreachable" },
    });
    expect((await mine("GET", "/v1/phone-numbers")).body["data"]).toEqual([]);
    await confirmOrder(deps, orders[0] ?? "");
    await confirmOrder(deps, orders[0] ?? "");
    expect((await mine("GET", "/v1/phone-numbers")).body["data"]).toMatchObject([
      { phoneNumber: "+14155557003", name: "Lost", source: "carrier" },
    ]);
    twilio.available.add("+12125557009");
    twilio.faults.push("lose");
    await mine("POST", "/v1/phone-numbers/buy", { ...purchase, phoneNumber: "+12125557009" });
    const imported = await mine("POST", "/v1/phone-numbers/import", { carrierAccountId });
    const [{ id: importedId } = { id: "" }] = imported.body["data"] as { id: string }[];
    await confirmOrder(deps, orders.pop() ?? "");
    const held = twilio.numbers.size;
    expect((await mine("DELETE", `/v1/phone-numbers/${importedId}`)).body).toMatchObject({ status: "released" });
    expect(twilio.numbers.size).toBe(held - 1);
    twilio.available.add("+12125557008");
    twilio.faults.push("drop");
    await mine("POST", "/v1/phone-numbers/buy", { ...purchase, phoneNumber: "+12125557008" });
    await expect(confirmOrder(deps, orders[1] ?? "")).rejects.toThrow("still open");
    const later = { ...deps, clock: { ...deps.clock, now: () => new Date(Date.now() + 25 * 3_600_000) } };
    await confirmOrder(later, orders[1] ?? "");
    await confirmOrder(deps, orders[1] ?? "");
    expect((await mine("GET", "/v1/phone-numbers?status=active")).body["data"]).toHaveLength(1);
  });

  test("Telnyx's numbers are tied to a profile and an application that are made once", async () => {
    const { mine } = await setUp();
    const { id: carrierAccountId } = (await mine("POST", "/v1/carrier-accounts", telnyxAccount())).body;
    const found = await mine("GET", `/v1/phone-numbers/available?carrierAccountId=${carrierAccountId}`);
    expect(found.body["data"]).toMatchObject([
      { locality: "Chicago", region: "IL", monthlyCost: { amount: "1.00", currency: "USD" } },
      {},
    ]);
    const numbers = ["+13125557001", "+13125557002"];
    for (const phoneNumber of numbers)
      expect((await mine("POST", "/v1/phone-numbers/buy", { carrierAccountId, phoneNumber })).status).toBe(201);
    expect(telnyx.made).toMatchObject([
      { webhook_event_url: `${PUBLIC_URL}/carriers/${carrierAccountId}/calls` },
      { webhook_url: `${PUBLIC_URL}/carriers/${carrierAccountId}/messages` },
    ]);
    const account = (await mine("GET", `/v1/carrier-accounts/${carrierAccountId}`)).body;
    const { voiceApplicationId: connection_id, messagingProfileId: messaging_profile_id } = account;
    const tied = { connection_id, messaging_profile_id };
    expect([...telnyx.numbers.values()]).toMatchObject([tied, tied]);
    telnyx.numbers.delete([...telnyx.numbers.keys()][0] ?? "");
    const data = (await mine("GET", "/v1/phone-numbers")).body["data"] as { id: string }[];
    for (const { id } of data) expect((await mine("DELETE", `/v1/phone-numbers/${id}`)).status).toBe(200);
    expect(telnyx.numbers.size).toBe(0);
  });

  test("numbers that the account has are imported, all or some, and kept there when they are released", async () => {
    const { mine } = await setUp();
    const { id: carrierAccountId } = (await mine("POST", "/v1/carrier-accounts", twilioAccount())).body;
    twilio.numbers.clear();
    for (const number of ["+12125557101", "+12125557102", "+12125557103"]) twilio.own(number);
    const some = { carrierAccountId, phoneNumbers: ["+12125557101", "+12125557999"], name: "Imported" };
    expect((await mine("POST", "/v1/phone-numbers/import", some)).body).toMatchObject({
      data: [{ phoneNumber: "+12125557101", source: "carrier", name: "Imported" }],
      skipped: [{ phoneNumber: "+12125557999", reason: "the account doesn't have it" }],
    });
    const all = await mine("POST", "/v1/phone-numbers/import", { carrierAccountId });
    expect(all.body).toMatchObject({
      data: [{ phoneNumber: "+12125557102" }, { phoneNumber: "+12125557103" }],
      skipped: [{ phoneNumber: "+12125557101" }],
    });
    expect([...twilio.numbers.values()].every((number) => number["SmsUrl"] !== undefined)).toBe(true);
    const [first] = all.body["data"] as { id: string }[];
    expect((await mine("DELETE", `/v1/phone-numbers/${first?.id}`)).body).toMatchObject({ status: "released" });
    expect(twilio.numbers.size).toBe(3);
    const [, second] = all.body["data"] as { id: string }[];
    await mine("DELETE", `/v1/phone-numbers/${second?.id}?keepAtCarrier=false`);
    expect(twilio.numbers.size).toBe(2);
  });

  test("nothing is bought while nobody outside can reach this server", async () => {
    const { mine } = await setUp({ publicUrl: undefined });
    const { id: carrierAccountId } = (await mine("POST", "/v1/carrier-accounts", twilioAccount())).body;
    const asked = twilio.asked.length;
    const input = { carrierAccountId, phoneNumber: "+12125557002" };
    expect(await mine("POST", "/v1/phone-numbers/buy", input)).toMatchObject({
      status: 409,
      body: { code: "public_url_missing", detail: expect.stringContaining("EARSHOT_PUBLIC_URL") },
    });
    expect(twilio.asked).toHaveLength(asked);
  });

  test("a trunk's numbers are added as a range, and moved to a workspace without one", async () => {
    const { mine, theirs, deps } = await setUp();
    const { id: sipTrunkId } = (await mine("POST", "/v1/sip-trunks", { name: "S", host: "a.example" })).body;
    const range = { from: "+12125557200", to: "+12125557209", sipTrunkId };
    await theirs("POST", "/v1/phone-numbers", { phoneNumber: "+12125557205" });
    const added = await mine("POST", "/v1/phone-numbers/range", range);
    expect(added.status).toBe(201);
    expect(added.body["data"]).toHaveLength(9);
    expect(added.body["skipped"]).toMatchObject([{ phoneNumber: "+12125557205" }]);
    for (const to of ["+12125557199", "+12125559999", "+442079460000"])
      expect((await mine("POST", "/v1/phone-numbers/range", { ...range, to })).status).toBe(400);
    const [number] = added.body["data"] as { id: string; phoneNumber: string }[];
    const path = `/v1/phone-numbers/${number?.id}`;
    expect((await mine("POST", `${path}/move`, { workspaceId: "ws_default" })).status).toBe(404);
    const child = await mine("POST", "/v1/workspaces", { name: "Child" });
    const move = { workspaceId: child.body.id };
    expect((await mine("POST", `${path}/move`, move)).status).toBe(409);
    await mine("PATCH", path, { sipTrunkId: null });
    const moved = await mine("POST", `${path}/move`, move);
    expect(moved).toMatchObject({ status: 201, body: { phoneNumber: number?.phoneNumber, status: "active" } });
    expect((await mine("GET", path)).body).toMatchObject({ status: "released" });
    expect(await deps.phoneNumbers.find(child.body.id, moved.body.id)).toMatchObject({ status: "active" });
  });
});

const noJobs = { confirmOrder: async () => {}, sendMessage: async () => {}, answerMessage: async () => {} };
