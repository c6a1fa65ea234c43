import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findTokenTable } from "./token-table.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "earshot-tokens-"));
});
afterEach(async () => await rm(folder, { recursive: true }));

describe("the token table", () => {
  it("is written once, whole, with every token on a line of its own", async () => {
    const file = await findTokenTable(path.join(folder, "new", "cache"));
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    expect(lines).toHaveLength(32_768);
    expect(lines[0]).toBe(`${Buffer.from("<unk>").toString("base64")} 0`);
    expect(lines[3 + 0x41]).toBe(`${Buffer.from("A").toString("base64")} ${3 + 0x41}`);
    expect(await readdir(path.dirname(file))).toEqual([path.basename(file)]);
    const before = (await stat(file)).mtimeMs;
    await findTokenTable(path.dirname(file));
    expect((await stat(file)).mtimeMs).toBe(before);
  });

  it("is written anew where an earlier one is cut short", async () => {
    const file = await findTokenTable(folder);
    await writeFile(file, "PHVuaz4= 0\n");
    expect((await stat(await findTokenTable(folder))).size).toBeGreaterThan(400_000);
  });

  it("names the folder that can't be written", async () => {
    await expect(findTokenTable("/dev/null/cache")).rejects.toThrow("/dev/null/cache");
  });
});
