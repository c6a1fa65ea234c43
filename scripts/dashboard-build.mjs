import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pinnedNode, root } from "./installed-packages.mjs";

const sources = ["packages/dashboard", "packages/web", "packages/sdk"];
/** Of the build's last step, and of the one before. */
const results = ["packages/dashboard/dist/index.html", "packages/web/dist"];
const notSources = new Set(["dist", "node_modules"]);

/** Whether the page was never built, or not all of it, or one of its sources is newer than what was built. */
export function isDashboardStale(folder = root) {
  if (!existsSync(join(folder, "packages/dashboard/index.html"))) return false;
  const [built = "", ...others] = results.map((result) => join(folder, result));
  if (![built, ...others].every((result) => existsSync(result))) return true;
  return sources.some((source) => isNewer(join(folder, source), statSync(built).mtimeMs));
}

/**
 * @param {string} path
 * @param {number} thanMs
 * @returns {boolean}
 */
function isNewer(path, thanMs) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs > thanMs;
  return readdirSync(path).some((name) => !notSources.has(name) && isNewer(join(path, name), thanMs));
}

/** Returns whether it worked; when it didn't, the reason has been printed. */
export function buildDashboard() {
  console.error("Building the page …");
  const vite = [join(root, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"];
  const isBuilt = run("packages/web", ["scripts/build.ts"]) && run("packages/dashboard", vite);
  if (!isBuilt) console.error("The page could not be built; the lines above say why.");
  return isBuilt;
}

/**
 * @param {string} folder
 * @param {readonly string[]} args
 */
function run(folder, args) {
  const { status } = spawnSync(pinnedNode, [...args], {
    cwd: join(root, folder),
    stdio: ["ignore", "inherit", "inherit"],
  });
  return status === 0;
}
