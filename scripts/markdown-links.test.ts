import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { findBrokenLinks } from "./markdown-links.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "earshot-links-"));
  mkdirSync(join(folder, "docs"));
  writeFileSync(join(folder, "docs/guide.md"), "# The guide\n\n## What's new?\n\n## Set-up & run\n\n## Set-up & run\n");
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const brokenIn = (markdown: string) => {
  writeFileSync(join(folder, "README.md"), markdown);
  return findBrokenLinks(folder);
};

it("accepts files, folders, headings and what lies outside the repository", () => {
  const good = [
    "[guide](docs/guide.md) [folder](docs) [top](#here) [new](docs/guide.md#whats-new)",
    "[second](docs/guide.md#set-up--run-1) [web](https://example.com/x) ![image](docs/guide.md)",
    "[mail](mailto:a@example.com)",
    "# Here",
  ];
  expect(brokenIn(good.join("\n"))).toEqual([]);
});

it("names a missing file, image, definition and heading", () => {
  const bad = "[a](docs/gone.md) ![b](page.png)\n[c](docs/guide.md#gone) [d](#gone)\n\n[e]: ./gone.md\n";
  expect(brokenIn(bad)).toEqual([
    "README.md: docs/gone.md does not exist",
    "README.md: page.png does not exist",
    "README.md: docs/guide.md#gone: no such heading",
    "README.md: #gone: no such heading",
    "README.md: ./gone.md does not exist",
  ]);
});

it("follows a link from the folder it stands in", () => {
  writeFileSync(join(folder, "docs/other.md"), "[up](../README.md) [beside](guide.md) [wrong](docs/guide.md)");
  expect(brokenIn("")).toEqual(["docs/other.md: docs/guide.md does not exist"]);
});

it("leaves code and installed packages alone", () => {
  mkdirSync(join(folder, "node_modules/pad"), { recursive: true });
  writeFileSync(join(folder, "node_modules/pad/README.md"), "[x](gone.md)");
  expect(brokenIn("`[x](gone.md)`\n\n```md\n[y](gone.md)\n```\n")).toEqual([]);
});
