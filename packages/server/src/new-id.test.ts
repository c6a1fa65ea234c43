import fc from "fast-check";
import { expect, test } from "vitest";
import { firstIdAt, fromUuid, newId, newOrderedId, toUuid, withPrefix } from "./new-id.ts";

test("ids sort by the time they were made", () => {
  const ids = [1, 2, 3, 1_795_315_826_094].map((nowMs) => newId("call", nowMs));
  expect(ids.toSorted()).toEqual(ids);
});

test("an id and its UUID are the same thing", () => {
  fc.assert(
    fc.property(fc.uuid(), (uuid) => {
      expect(toUuid(fromUuid("agt", uuid) ?? "")).toBe(uuid);
    }),
  );
  const id = newId("agt", 1_795_315_826_094);
  const uuid = toUuid(id) ?? "";
  expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(fromUuid("agt", uuid.toUpperCase())).toBe(id);
});

test("an example of the specification decodes to its UUID", () => {
  expect(toUuid("prefix_0123456789abcdefghjkmnpqrs")).toBe("0110c853-1d09-52d8-d73e-1194e95b5f19");
  expect(toUuid("prefix_01h455vb4pex5vsknk084sn02q")).toBe("01890a5d-ac96-774b-bcce-b302099a8057");
});

test("what isn't an id of ours has no UUID, and the other way round", () => {
  for (const id of ["", "agt_", "agt_abc", "agt_8zzzzzzzzzzzzzzzzzzzzzzzzz", "cm123"])
    expect(toUuid(id)).toBeUndefined();
  for (const uuid of ["", "17a0cb75", "17a0cb75-fa09-4bdd-9a44-92a70d829c8g"])
    expect(fromUuid("agt", uuid)).toBeUndefined();
});

test("keeps an id under another prefix", () => {
  expect(withPrefix("agent", "agt_01h455vb4pex5vsknk084sn02q")).toBe("agent_01h455vb4pex5vsknk084sn02q");
});

test("ordered ids keep the order they were made in, also within a millisecond and when the clock goes back a little", () => {
  const now = 1_795_315_826_094;
  const ids = Array.from({ length: 10_000 }, (_, n) => newOrderedId("evt", n % 2 === 0 ? now : now - 500));
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(toUuid(ids[9_999] ?? "")).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test("the first id of a moment lies between the ids of the moments around it", () => {
  const bound = firstIdAt("dlv", 2000);
  expect(newId("dlv", 1999) < bound).toBe(true);
  expect(newId("dlv", 2000) > bound).toBe(true);
});
