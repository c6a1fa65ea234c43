import { expect, it } from "vitest";
import { toReferred } from "./transfer-outcome.ts";

it.each([
  [{ kind: "succeeded", status: 200 }, "answered"],
  [{ kind: "unconfirmed", why: "call_ended" }, "answered"],
  [{ kind: "failed", stage: "tried", status: 486, reason: "Busy Here" }, "busy"],
  [{ kind: "failed", stage: "tried", status: 480, reason: "Away" }, "no-answer"],
  [{ kind: "failed", stage: "tried", status: 603, reason: "Decline" }, "rejected"],
  [{ kind: "failed", stage: "tried", status: 404, reason: "Not Found" }, "unreachable"],
  [{ kind: "failed", stage: "tried", status: 500, reason: "Oh" }, "failed"],
  [{ kind: "failed", stage: "refused", status: 405, reason: "Method Not Allowed" }, "not-supported"],
  [{ kind: "timed-out", stage: "progress" }, "no-answer"],
  [{ kind: "impossible", reason: "busy" }, "failed"],
] as const)("%j is told to the agent as %s", (refer, outcome) => {
  expect(toReferred(refer).outcome).toBe(outcome);
});
