import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createVault, toVaultKey } from "./vault.ts";
import { readVaultKeyFile } from "./vault-key-file.ts";

const vault = createVault(toVaultKey("a long enough phrase"));
const folders: string[] = [];
afterEach(() => Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true }))));

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-vault-"));
  folders.push(folder);
  return folder;
}

test("gives back what was sealed, and never looks the same twice", () => {
  const [first, second] = [vault.seal("whsec_ü", "whe_1"), vault.seal("whsec_ü", "whe_1")];
  expect(first).not.toBe(second);
  expect(first).not.toContain("whsec");
  expect(vault.open(first, "whe_1")).toBe("whsec_ü");
});

test("opens nothing that was moved, changed, or sealed with another key", () => {
  const sealed = vault.seal("secret", "whe_1");
  const changed = `${sealed.slice(0, -3)}${sealed.endsWith("AAA") ? "BBB" : "AAA"}`;
  expect(() => vault.open(sealed, "whe_2")).toThrow();
  expect(() => vault.open(changed, "whe_1")).toThrow();
  expect(() => createVault(toVaultKey("another phrase")).open(sealed, "whe_1")).toThrow();
  expect(() => vault.open("secret", "whe_1")).toThrow("not a sealed secret");
});

test("makes a key file that only its owner can read, once", async () => {
  const folder = await newFolder();
  const key = await readVaultKeyFile(folder);
  expect((await stat(join(folder, "vault.key"))).mode & 0o777).toBe(0o600);
  expect(await readVaultKeyFile(folder)).toEqual(key);
  expect(await readFile(join(folder, "vault.key"), "utf8")).toMatch(/^[0-9a-f]{64}\n$/);
});

test("refuses to start on a broken key file, and says what to do", async () => {
  const folder = await newFolder();
  await writeFile(join(folder, "vault.key"), "oops");
  await expect(readVaultKeyFile(folder)).rejects.toThrow("Restore it from a backup");
});

test("signs alike what is alike, and otherwise for another purpose or with another key", () => {
  const [one, two] = [createVault(toVaultKey("one")), createVault(toVaultKey("two"))];
  expect(one.sign("text", "links")).toMatch(/^[0-9a-f]{64}$/);
  expect(one.sign("text", "links")).toBe(one.sign("text", "links"));
  for (const other of [one.sign("Text", "links"), one.sign("text", "link"), two.sign("text", "links")])
    expect(other).not.toBe(one.sign("text", "links"));
});
