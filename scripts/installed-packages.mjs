import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));
const binary = process.platform === "win32" ? "node.exe" : "node";
/** The Node that everything runs on, whatever Node the system has. */
export const pinnedNode = join(root, "node_modules/node/bin", binary);

/** Whether node_modules holds what package-lock.json asks for; npm writes its own list last, after a whole install. */
export function areInstalled(folder = root) {
  const wanted = readPackages(join(folder, "package-lock.json"));
  const present = readPackages(join(folder, "node_modules/.package-lock.json"));
  if (!wanted || !present || !existsSync(join(folder, "node_modules/node/bin", binary))) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (!path.startsWith("node_modules/")) return true;
    const found = present[path];
    return found ? found.version === version : optional === true;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
