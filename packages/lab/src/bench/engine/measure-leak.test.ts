import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";

/** In a process of its own: test files that share this one's heap leave things there meanwhile. */
const MEASURE = `
  import { measureLeak } from ${JSON.stringify(new URL("./measure-leak.ts", import.meta.url).href)};
  console.log(JSON.stringify(await measureLeak(150)));
`;

it("finds no more of a call when it is over than what the heap differs by anyway", { timeout: 180_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["--expose-gc", "--input-type=module", "-e", MEASURE]);
  const { heapBytesPerCall } = JSON.parse(stdout);
  // A session alone keeps 13,000 bytes of audio from before its next utterance.
  expect(heapBytesPerCall).toBeLessThan(3_000);
});
