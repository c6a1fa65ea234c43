/** Fails when a relative link in a Markdown file leads nowhere. */
import { resolve } from "node:path";
import { findBrokenLinks } from "./markdown-links.ts";

const broken = findBrokenLinks(resolve(import.meta.dirname, ".."));
if (broken.length > 0) {
  console.error(broken.join("\n"));
  process.exitCode = 1;
}
