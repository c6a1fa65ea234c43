/** `npm run check`: everything that can be said without running the product. Runs all of it, then says what failed. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
const checks: readonly (readonly [name: string, ...command: string[]])[] = [
  ["lint and format", "biome", "check", "--error-on-warnings"],
  ["types", "tsc", "-p", "tsconfig.json"],
  ["types of the page", "tsc", "-p", "packages/dashboard/tsconfig.json"],
  ["types of what other pages load", "tsc", "-p", "packages/web/tsconfig.json"],
  ["unused code and packages", "knip"],
  ["boundaries fire", "node", "scripts/prove-boundaries.ts"],
  ["openapi is fresh", "node", "scripts/openapi.ts", "--check"],
  ["lock file is whole", "node", "scripts/complete-lock-file.ts", "--check"],
  ["configuration is documented", "node", "scripts/configuration-doc.ts", "--check"],
  ["commands are documented", "node", "scripts/cli-doc.ts", "--check"],
  ["links in the docs", "node", "scripts/check-links.ts"],
];

const failed = checks.filter(([name, command = "", ...args]) => {
  const startedAtMs = performance.now();
  const run = spawnSync(resolve(root, "node_modules/.bin", command), args, { cwd: root, encoding: "utf8" });
  const isGood = run.status === 0;
  const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1);
  console.log(`${isGood ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
  if (!isGood) console.log(`${run.stdout ?? ""}${run.stderr ?? ""}${run.error?.message ?? ""}`);
  return !isGood;
});

if (failed.length > 0) {
  console.log(`\n${failed.length} of ${checks.length} checks failed: ${failed.map(([name]) => name).join(", ")}.`);
  process.exitCode = 1;
}
