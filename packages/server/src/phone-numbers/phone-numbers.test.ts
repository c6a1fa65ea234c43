import { describe, expect, test } from "vitest";
import { newAgentShape } from "../agents/agent.ts";
import { createAgent } from "../agents/create-agent.ts";
import { testDeps } from "../api/testing/test-deps.ts";
import { describeOnEachDatabase } from "../storage/testing/each-database.ts";
import { attachPhoneNumber, detachPhoneNumber } from "./attach-phone-number.ts";
import { createPhoneNumber } from "./create-phone-number.ts";
import { findByNumber, findForAgent } from "./find-phone-number.ts";
import { listPhoneNumbers } from "./list-phone-numbers.ts";
import { newPhoneNumberShape } from "./phone-number.ts";
import { readPhoneNumber } from "./read-phone-number.ts";
import { releasePhoneNumber } from "./release-phone-number.ts";
import { updatePhoneNumber } from "./update-phone-number.ts";

describeOnEachDatabase("phone numbers", (database) => {
  const setUp = () => testDeps(database());
  const wanted = (input: object) => newPhoneNumberShape.parse(input);
  const newAgent = (workspaceId: string) =>
    createAgent(setUp(), { workspaceId, settings: newAgentShape.parse({ name: "Ada" }) });

  test("are drawn from ranges that no subscriber has", async () => {
    const deps = setUp();
    const american = await createPhoneNumber(deps, "ws_draw", wanted({ areaCode: "415" }));
    expect(american).toMatchObject({ country: "US", source: "local", status: "active" });
    expect(american.phoneNumber).toMatch(/^\+141555501\d\d$/);
    const british = await createPhoneNumber(deps, "ws_draw", wanted({ country: "GB" }));
    expect(british.phoneNumber).toMatch(/^\+447700900\d{3}$/);
    const israeli = await createPhoneNumber(deps, "ws_draw", wanted({ country: "IL" }));
    expect(israeli.phoneNumber).toMatch(/^\+999972\d{7}$/);
    expect(await readPhoneNumber(deps.phoneNumbers, "ws_draw", american.id)).toEqual(american);
  });

  test("run out with an error that says so", async () => {
    const deps = setUp();
    const drawn = new Set<string>();
    for (let n = 0; n < 100; n++)
      drawn.add((await createPhoneNumber(deps, "ws_full", wanted({ areaCode: "907" }))).phoneNumber);
    expect(drawn.size).toBe(100);
    await expect(createPhoneNumber(deps, "ws_full", wanted({ areaCode: "907" }))).rejects.toMatchObject({
      code: "conflict",
    });
  }, 30_000);

  test("of an area that isn't in the country are refused", async () => {
    const request = createPhoneNumber(setUp(), "ws_draw", wanted({ country: "US", areaCode: "416" }));
    await expect(request).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("have no extension that somebody dials in an emergency", () => {
    for (const extension of ["911", "112", "999", "411"])
      expect(newPhoneNumberShape.safeParse({ extension }).error?.issues).toMatchObject([
        { path: ["extension"], message: expect.stringContaining("emergency") },
      ]);
    expect(wanted({ extension: "101" })).toMatchObject({ extension: "101" });
  });

  test("are one workspace's at a time, and anybody's once released", async () => {
    const deps = setUp();
    const mine = await createPhoneNumber(deps, "ws_a", wanted({ phoneNumber: "+1 (206) 555-0199" }));
    expect(mine.phoneNumber).toBe("+12065550199");
    const again = () => createPhoneNumber(deps, "ws_b", wanted({ phoneNumber: "+12065550199" }));
    await expect(again()).rejects.toMatchObject({ code: "conflict" });
    expect(await releasePhoneNumber(deps, "ws_a", mine.id)).toMatchObject({ status: "released" });
    await expect(releasePhoneNumber(deps, "ws_a", mine.id)).rejects.toMatchObject({ code: "conflict" });
    await expect(updatePhoneNumber(deps, "ws_a", { id: mine.id, patch: { name: "x" } })).rejects.toMatchObject({
      code: "conflict",
    });
    const theirs = await again();
    expect(await findByNumber(deps.phoneNumbers, "+1 206 555 0199")).toEqual(theirs);
  });

  test("are attached to agents of their own workspace alone", async () => {
    const deps = setUp();
    const { agent } = await newAgent("ws_attach");
    const { agent: foreign } = await newAgent("ws_other");
    const { id } = await createPhoneNumber(deps, "ws_attach", wanted({}));
    const attach = (agentId: string) => attachPhoneNumber(deps, "ws_attach", { id, agentId });
    await expect(attach(foreign.id)).rejects.toMatchObject({ code: "not_found" });
    expect(await attach(agent.id)).toMatchObject({ agentId: agent.id });
    expect(await findForAgent(deps.phoneNumbers, "ws_attach", agent.id)).toMatchObject({ id });
    expect(await findForAgent(deps.phoneNumbers, "ws_other", agent.id)).toBeUndefined();
    expect((await deps.agents.find("ws_attach", agent.id))?.numbers).toHaveLength(1);
    const detach = (agentId: string) => detachPhoneNumber(deps, "ws_attach", { id, agentId });
    await expect(detach("agt_other")).rejects.toMatchObject({ code: "not_found" });
    expect(await detach(agent.id)).not.toHaveProperty("agentId");
  });

  test("keep what dialects sent, a card and labels", async () => {
    const deps = setUp();
    const { id } = await createPhoneNumber(deps, "ws_keep", { ...wanted({ name: "Desk" }), sent: { hms: { a: 1 } } });
    const patch = { name: null, metadata: { team: "b" }, contactCard: { firstName: "Ada" } };
    const updated = await updatePhoneNumber(deps, "ws_keep", { id, patch, sent: { voicy: { b: 2 } } });
    expect(updated).not.toHaveProperty("name");
    expect(updated).toMatchObject({
      metadata: { team: "b" },
      contactCard: { firstName: "Ada" },
      sent: { hms: { a: 1 }, voicy: { b: 2 } },
    });
    expect(await readPhoneNumber(deps.phoneNumbers, "ws_keep", id)).toEqual(updated);
  });

  test("are listed newest first in pages, without those of other workspaces", async () => {
    const deps = setUp();
    for (let n = 0; n < 3; n++) await createPhoneNumber(deps, "ws_list", wanted({ country: "FR" }));
    const first = await listPhoneNumbers(deps.phoneNumbers, "ws_list", { limit: 2 });
    const second = await listPhoneNumbers(deps.phoneNumbers, "ws_list", { limit: 2, cursor: first.nextCursor });
    expect([first.data.length, second.data.length, second.nextCursor]).toEqual([2, 1, undefined]);
    expect(await deps.phoneNumbers.count("ws_list")).toBe(3);
    expect(await deps.phoneNumbers.list("ws_list", { limit: 2, offset: 2 })).toHaveLength(1);
    await expect(readPhoneNumber(deps.phoneNumbers, "ws_nobody", first.data[0]?.id ?? "")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

describe("a given number", () => {
  test.each(["+1212", "12125550100", "+12125550100 ext. 3", "+10000000000", "+3161234567890123", "911"])(
    "such as %s is refused",
    (phoneNumber) => {
      const { error } = newPhoneNumberShape.safeParse({ phoneNumber });
      expect(error?.issues[0]?.path).toEqual(["phoneNumber"]);
    },
  );
});
