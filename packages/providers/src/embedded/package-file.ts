import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/**
 * Path of a file inside an installed package, also where the package's `exports` hides it.
 * @throws Error that says what to install
 */
export function findPackageFile(packageName: string, file: string): string {
  const folders = createRequire(import.meta.url).resolve.paths(packageName) ?? [];
  for (const folder of folders) {
    const candidate = path.join(folder, packageName, file);
    if (existsSync(candidate)) return candidate;
  }
  throw new Error(`The file ${file} of package ${packageName} is missing: install the dependencies with "npm ci".`);
}
