import { expect, it } from "vitest";
import type { CallEndReason } from "../call.ts";
import { outcomeOf } from "./dial.ts";

const startedAt = "2026-01-01T00:00:00.000Z";

it.each([
  [{}, "busy", "busy"],
  [{}, "no-answer", "no-answer"],
  [{}, "rejected", "rejected"],
  [{}, "no-carrier", "unreachable"],
  [{}, "api-request", "canceled"],
  [{}, "caller-hung-up", "canceled"],
  [{}, "provider-failure", "failed"],
  [{ startedAt }, "caller-hung-up", "answered"],
  [{ startedAt }, "voicemail", "voicemail"],
] satisfies [object, CallEndReason, string][])(
  "with %j a call that ended with %s was %s",
  (more, endReason, outcome) => {
    expect(outcomeOf({ direction: "outbound", status: "ended", endReason, ...more })).toBe(outcome);
  },
);

it("has no outcome while it rings, nor for calls that came in", () => {
  expect(outcomeOf({ direction: "outbound", status: "ringing" })).toBeUndefined();
  expect(outcomeOf({ direction: "inbound", status: "ended", endReason: "busy" })).toBeUndefined();
});
