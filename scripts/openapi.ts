/**
 * Writes openapi/ from the server's schemas and the SDK's types from openapi/. With --check it leaves the files as they
 * were and fails when they were stale.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const root = resolve(import.meta.dirname, "..");
/** In order: the second is made from the first. */
const workspaces = ["packages/server", "packages/sdk"];
const written = [
  "openapi/earshot.json",
  "packages/sdk/src/generated/openapi.ts",
  "packages/sdk/src/generated/openapi-requests.ts",
].map((file) => join(root, file));

const read = (file: string) => (existsSync(file) ? readFileSync(file, "utf8") : undefined);

function restore(file: string, content: string | undefined): void {
  if (content === undefined) rmSync(file, { force: true });
  else writeFileSync(file, content);
}

const before = written.map(read);
const failed = workspaces.find((workspace) => {
  const run = spawnSync("npm", ["run", "--silent", "openapi", "--workspace", workspace], {
    cwd: root,
    encoding: "utf8",
  });
  if (run.status !== 0) console.error(`The openapi script of ${workspace} failed.\n${run.stdout}${run.stderr}`);
  return run.status !== 0;
});
const stale = written.filter((file, index) => read(file) !== before[index]);

if (process.argv.includes("--check")) {
  for (const [index, file] of written.entries()) restore(file, before[index]);
  const names = stale.map((file) => relative(root, file));
  if (stale.length > 0) console.error(`Stale: ${names.join(", ")}. Run \`npm run openapi\` and commit what it writes.`);
}
if (failed !== undefined || (process.argv.includes("--check") && stale.length > 0)) process.exitCode = 1;
