import { afterAll, beforeAll, expect, test } from "vitest";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import { type AgentPhoneServer, startAgentPhone } from "./testing/agentphone-server.ts";

describeOnEachDatabase("failures of AgentPhone", (database) => {
  let server: AgentPhoneServer;
  beforeAll(async () => {
    server = await startAgentPhone(database(), { rateLimit: 1000 });
  });
  afterAll(() => server.close());

  test.each([
    ["malformed JSON", "POST", "/v1/agents", "{", {}, 422, "VALIDATION_ERROR"],
    ["no object", "POST", "/v1/agents", "[]", {}, 422, "VALIDATION_ERROR"],
    [
      "a body too large",
      "POST",
      "/v1/agents",
      JSON.stringify({ name: "x".repeat(4_100_000) }),
      {},
      413,
      "PAYLOAD_TOO_LARGE",
    ],
    [
      "another content type",
      "POST",
      "/v1/agents",
      "name=A",
      { "Content-Type": "text/plain" },
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ],
    [
      "deep nesting",
      "POST",
      "/v1/agents",
      `{"name":"A","x":${"[".repeat(99)}${"]".repeat(99)}}`,
      {},
      422,
      "VALIDATION_ERROR",
    ],
    ["NUL in a text", "POST", "/v1/agents", '{"name":"A\\u0000"}', {}, 422, "VALIDATION_ERROR"],
    ["no key", "GET", "/v1/agents", undefined, { Authorization: "" }, 401, "UNAUTHORIZED"],
    ["a wrong key", "GET", "/v1/agents", undefined, { Authorization: "Bearer sk_live_none" }, 401, "UNAUTHORIZED"],
    ["an unknown path", "GET", "/v1/nothing", undefined, {}, 404, "NOT_FOUND"],
    ["an unknown agent", "GET", "/v1/agents/agent_none", undefined, {}, 404, "NOT_FOUND"],
    ["an id of any form", "GET", "/v1/calls/%00%F0%9F%98%80", undefined, {}, 404, "NOT_FOUND"],
    ["SIP trunks", "GET", "/v1/sip-trunks", undefined, {}, 501, "NOT_IMPLEMENTED"],
  ])("by %s are told in both shapes", async (_, method, path, body, headers, status, code) => {
    const answer = await server.send(method, path, body, headers);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ code, message: expect.any(String), type: expect.any(String) });
    expect(answer.body.detail).toEqual(status === 422 ? expect.any(Array) : answer.body.error.message);
  });

  test("of the client are its own errors", async () => {
    const { agents } = server.client;
    await expect(agents.createAgent({ name: "" })).rejects.toMatchObject({
      name: "UnprocessableEntityError",
      statusCode: 422,
    });
    await expect(agents.getAgent({ agent_id: "none" })).rejects.toMatchObject({
      name: "AgentPhoneError",
      statusCode: 404,
    });
  });

  test("by too many requests say when to come back", async () => {
    const limited = await startAgentPhone(database(), { rateLimit: 1 });
    await limited.send("GET", "/v1/agents");
    const answer = await limited.send("GET", "/v1/agents");
    expect(answer.status).toBe(429);
    expect(answer.body.error.code).toBe("RATE_LIMIT_EXCEEDED");
    expect(Number(answer.headers.get("Retry-After"))).toBeGreaterThan(0);
    await limited.close();
  });

  test("of signing up without mail are honest", async () => {
    const signedUp = await server.send(
      "POST",
      "/v0/agent/sign-up",
      { human_email: "ada@example.com" },
      { Authorization: "" },
    );
    expect(signedUp).toMatchObject({
      status: 200,
      body: {
        verification_id: expect.stringMatching(/^ver_/),
        human_email: "ada@example.com",
        expires_at: expect.stringMatching(/Z$/),
        message: expect.stringContaining("no mail"),
      },
    });
    const proof = { verification_id: signedUp.body.verification_id, otp_code: "123456" };
    const refused = await server.send("POST", "/v0/agent/verify", proof, { Authorization: "" });
    expect([refused.status, refused.body.error.code]).toEqual([400, "VERIFICATION_UNAVAILABLE"]);
    const unknown = await server.send("POST", "/v0/agent/verify", { ...proof, verification_id: "ver_none" });
    expect(unknown.status).toBe(404);
    expect((await server.send("POST", "/v0/agent/sign-up", { human_email: "nobody" })).status).toBe(422);
  });

  test("leave a webhook's address refused as it was", async () => {
    for (const url of ["http://10.0.0.1/hook", "http://169.254.169.254/", "ftp://example.com"]) {
      const answer = await server.send("POST", "/v1/webhooks", { url });
      expect([answer.status, answer.body.error.details[0].field]).toEqual([422, "url"]);
    }
    expect((await server.send("GET", "/v1/webhooks")).body).toBeNull();
  });
});
