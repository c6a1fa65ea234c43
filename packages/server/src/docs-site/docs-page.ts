import { glob, readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { lexer } from "marked";
import { plainText } from "./plain-text.ts";

/** One page of the documentation, made from one Markdown file of the repository. */
export type DocsPage = {
  /** Where it is served below /docs/, e.g. "decisions/0001-journal". */
  readonly slug: string;
  /** Its file, from the root of the repository. */
  readonly file: string;
  /** The folder it belongs to, "" for those at the root of the repository. */
  readonly folder: string;
  /** The first heading. */
  readonly title: string;
  /** The first sentence after it; may be empty. */
  readonly summary: string;
  /** The text, with its links to other pages made to lead to /docs/<slug>.md. */
  readonly markdown: string;
};

const REPOSITORY = fileURLToPath(new URL("../../../../", import.meta.url));
const SOURCES = ["*.md", "docs/**/*.md", "packages/server/src/dialects/*/README.md"];

/** Finds the pages below `root`, those of a reader's first minutes first. */
export async function findDocsPages(root: string = REPOSITORY): Promise<readonly DocsPage[]> {
  const files: string[] = [];
  for await (const file of glob([...SOURCES], { cwd: root })) files.push(file.replaceAll("\\", "/"));
  const slugs = new Map(files.map((file) => [file, toSlug(file)]));
  const pages = await Promise.all(
    files.map(async (file) => toPage({ file, source: await readFile(join(root, file), "utf8"), slugs })),
  );
  return pages.toSorted((a, b) => rank(a) - rank(b) || a.slug.localeCompare(b.slug, "en"));
}

/** The folder whose images the pages show. */
export function imageDirectory(root: string = REPOSITORY): string {
  return join(root, "docs/images");
}

/** "docs/decisions/README.md" is served as "decisions", "docs/sdk.md" as "sdk", "README.md" as "readme". */
function toSlug(file: string): string {
  const path = file.replace(/^docs\/|^packages\/server\/src\//, "").replace(/\.md$/, "");
  return (path === "README" ? path : path.replace(/\/README$/, "")).toLowerCase();
}

function toPage({
  file,
  source,
  slugs,
}: {
  file: string;
  source: string;
  slugs: ReadonlyMap<string, string>;
}): DocsPage {
  const slug = slugs.get(file) ?? "";
  const tokens = lexer(source);
  const heading = tokens.find((token) => token.type === "heading");
  const paragraph = tokens.slice(heading === undefined ? 0 : tokens.indexOf(heading)).find(isProse);
  return {
    slug,
    file,
    folder: file.includes("/") ? posix.dirname(file) : "",
    title: heading === undefined ? slug : plainText(heading),
    summary: paragraph === undefined ? "" : firstSentence(plainText(paragraph)),
    markdown: rewriteLinks(source, dirname(file), slugs),
  };
}

function isProse(token: { readonly type: string; readonly raw: string }): boolean {
  return token.type === "paragraph" && !token.raw.startsWith("![");
}

function firstSentence(text: string): string {
  return /^.{20,}?[.!?:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, ".") ?? text;
}

/** README first, then guides, the folders of docs/, the dialects, and what concerns those who change Earshot. */
function rank({ file, folder }: DocsPage): number {
  if (file === "README.md") return 0;
  if (folder === "docs") return 1;
  if (folder.startsWith("docs/")) return 2;
  return folder === "" ? 4 : 3;
}

const CODE = /(^```[\s\S]*?^```|`[^`\n]*`)/gm;

/** Code is left alone. What leads to a file that is no page keeps its words and loses its link. */
function rewriteLinks(source: string, folder: string, slugs: ReadonlyMap<string, string>): string {
  return source
    .split(CODE)
    .map((part, index) => (index % 2 === 1 ? part : rewriteProse(part, folder, slugs)))
    .join("");
}

function rewriteProse(prose: string, folder: string, slugs: ReadonlyMap<string, string>): string {
  return prose.replace(/(!?)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, bang: string, words: string, target: string) => {
    if (/^[a-z][a-z+.-]*:|^[#/]/i.test(target)) return whole;
    const [path = "", anchor] = target.split("#");
    const file = posix.normalize(posix.join(folder, path));
    if (bang === "!") return `![${words}](/docs/images/${posix.basename(file)})`;
    const slug = slugs.get(file) ?? slugs.get(`${file}/README.md`);
    if (slug === undefined) return words;
    return `[${words}](/docs/${slug}.md${anchor === undefined ? "" : `#${anchor}`})`;
  });
}
