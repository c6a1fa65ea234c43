import { expect, test } from "vitest";
import { apiClient } from "../api/testing/api-client.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { systemWallClock } from "../wall-clock.ts";

const key = (value: string) => ({ "Idempotency-Key": value });

describeOnEachDatabase("Idempotency-Key", (database) => {
  test("has a write done once and answered alike, also one that shows a secret only once", async () => {
    const { send } = apiClient(database());
    const first = await send("POST", "/v1/api-keys", { name: "CI" }, key("once"));
    const again = await send("POST", "/v1/api-keys", { name: "CI" }, key("once"));
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("Idempotent-Replayed")).toBe("true");
    const { rows } = await database().pool.query("select * from idempotency_records");
    expect(JSON.stringify(rows)).not.toContain(String(first.body["key"]));
  });

  test("has simultaneous repetitions done once", async () => {
    const { send } = apiClient(database());
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send("POST", "/v1/agents", { name: "Racer" }, key("race"))),
    );
    for (const { status, body } of answers)
      if (status !== 201) expect([status, body["code"]]).toEqual([409, "idempotency_in_progress"]);
    expect(answers.some(({ status }) => status === 201)).toBe(true);
    expect((await send("GET", "/v1/agents?name=racer")).body["data"]).toHaveLength(1);
  });

  test("is refused with another request, and free again after a failure and after a day", async () => {
    let nowMs = systemWallClock.now().getTime();
    const clock = { ...systemWallClock, now: () => systemWallClock.at(nowMs) };
    const { send } = apiClient(database(), { clock });
    await send("POST", "/v1/agents", { name: "A" }, key("reused"));
    const other = await send("POST", "/v1/agents", { name: "B" }, key("reused"));
    expect([other.status, other.body["code"]]).toEqual([409, "idempotency_key_reused"]);
    expect((await send("POST", "/v1/agents", { name: "" }, key("failed"))).status).toBe(400);
    expect((await send("POST", "/v1/agents", { name: "B" }, key("failed"))).status).toBe(201);
    nowMs += 25 * 3_600_000;
    expect((await send("POST", "/v1/agents", { name: "B" }, key("reused"))).status).toBe(201);
    expect((await send("POST", "/v1/agents", { name: "B" }, key("bad key"))).status).toBe(400);
  });
});
