import { randomBytes } from "node:crypto";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { StartupError } from "../app-error.ts";

/**
 * The key that secrets are sealed with, from `<dataDirectory>/vault.key`, made with mode 0600 where there is none.
 * @throws StartupError when the file can't be read or holds something else
 */
export async function readVaultKeyFile(dataDirectory: string): Promise<Uint8Array> {
  const path = join(dataDirectory, "vault.key");
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString("hex")}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, error);
  }
  const text = await readFile(path, "utf8").catch((error: unknown) => Promise.reject(unusable(path, error)));
  if (!/^[0-9a-f]{64}\n?$/.test(text))
    throw new StartupError(
      `${path} does not hold a key of 64 hexadecimal digits. Restore it from a backup: what was sealed with it ` +
        "(webhook secrets, provider keys) can't be read without it.",
    );
  return Buffer.from(text.trim(), "hex");
}

function unusable(path: string, cause: unknown): StartupError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StartupError(`The key file ${path} can't be read or made (${reason}).`, { cause });
}
