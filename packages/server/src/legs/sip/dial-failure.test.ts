import { outcomeOf } from "@earshot/telephony";
import { expect, it } from "vitest";
import { toDialFailure } from "./dial-failure.ts";

it.each([
  [486, "busy"],
  [600, "busy"],
  [480, "no-answer"],
  [408, "no-answer"],
  [603, "rejected"],
  [403, "rejected"],
  [488, "rejected"],
  [404, "unreachable"],
  [503, "unreachable"],
  [407, "provider-failure"],
  [500, "provider-failure"],
  [487, "canceled"],
])("a trunk that answers %i ends the call with %s", (status, reason) => {
  const failed = { kind: "failed", outcome: outcomeOf(status), status, reason: "Words", headers: undefined } as const;
  expect(toDialFailure({ ...failed, redirects: [] })).toMatchObject({
    reason,
    error: expect.stringContaining("Words"),
  });
});
