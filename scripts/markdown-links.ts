import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** Sentences about links and images in the folder's Markdown that lead nowhere. Only relative ones are followed. */
export function findBrokenLinks(folder: string): string[] {
  const files = globSync("**/*.md", { cwd: folder, exclude: (name) => name.split("/").includes("node_modules") });
  return files.sort().flatMap((file) => {
    const path = resolve(folder, file);
    return linksOf(readFileSync(path, "utf8"))
      .map((link) => findFault(path, link))
      .filter((fault) => fault !== undefined)
      .map((fault) => `${relative(folder, path)}: ${fault}`);
  });
}

const withoutCode = (markdown: string) => markdown.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

function linksOf(markdown: string): string[] {
  const prose = withoutCode(markdown);
  const inline = [...prose.matchAll(/\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)/g)];
  const named = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)];
  return [...inline, ...named].flatMap(([, target]) => target ?? []).filter((target) => !/^[a-z]+:/i.test(target));
}

function findFault(path: string, link: string): string | undefined {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? path : join(dirname(path), decodeURIComponent(file));
  if (!existsSync(target)) return `${link} does not exist`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return anchorsOf(readFileSync(target, "utf8")).has(anchor) ? undefined : `${link}: no such heading`;
}

/** The anchors that GitHub makes from headings. */
function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ""] of markdown.replace(/^```[\s\S]*?^```/gm, "").matchAll(/^#+\s+(.+)$/gm)) {
    const slug = heading
      .toLowerCase()
      .trim()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replace(/\s/g, "-");
    let anchor = slug;
    for (let again = 1; anchors.has(anchor); again += 1) anchor = `${slug}-${again}`;
    anchors.add(anchor);
  }
  return anchors;
}
