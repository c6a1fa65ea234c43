import { buildDashboard, isDashboardStale } from "./dashboard-build.mjs";
import { installPackages } from "./install-packages.mjs";
import { areInstalled } from "./installed-packages.mjs";

/**
 * Makes a fresh or updated clone ready to run: packages first, then the page. Says nothing when all is ready.
 * Resolves to whether everything is in place; when it isn't, the reason has been printed.
 */
export async function ensureReady() {
  if (!areInstalled() && !(await installPackages())) return false;
  return !isDashboardStale() || buildDashboard();
}
