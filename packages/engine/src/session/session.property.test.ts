/** Random calls through the real session under virtual time: whatever happens, the promises of the architecture hold. */

import { expect, it } from "vitest";
import { checkSession } from "../testing/session/check-session.ts";

it("tells a whole story of every call, which replays to the letter", { timeout: 120_000 }, async () => {
  const report = await checkSession({ runs: 100, maxDeadAirMs: 1_600 });
  const told =
    report.outcome === "broken"
      ? `seed ${report.seed}, path ${report.path}: ${report.message}\n${report.world}\n${report.script}`
      : "kept";
  expect(told).toBe("kept");
});
