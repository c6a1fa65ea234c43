/** The documentation for language models: https://llmstxt.org. */
import { lexer } from "marked";
import type { DocsPage } from "./docs-page.ts";
import { HeadingAnchors } from "./heading-anchors.ts";
import { plainText } from "./plain-text.ts";
import { groupPages } from "./render-page.ts";

const SUMMARY =
  "Earshot is a self-hosted platform for voice agents. An agent (a prompt, a voice, models, tools and rules) answers and " +
  "places phone and browser calls, and can be interrupted; each call is a journal of facts, from which its transcript, " +
  "latencies and replay follow. There is a REST API under /v1, a TypeScript SDK, a command line, and the APIs of other " +
  "vendors for clients that were written for them.";

const REFERENCE = "- [API reference](/docs/reference.md): Every operation of the API with its parameters and bodies.";
const OPENAPI = "- [OpenAPI](/openapi.json): The same, for programs.";

/** What pages there are, with a sentence each. */
export function toLlmsText(pages: readonly DocsPage[]): string {
  const groups = groupPages(pages).map(({ name, pages: members }) => `## ${name}\n\n${members.map(toLink).join("\n")}`);
  return [`# Earshot\n\n> ${SUMMARY}`, `## API\n\n${REFERENCE}\n${OPENAPI}`, ...groups].join("\n\n").concat("\n");
}

/** All pages in one text. */
export function toLlmsFullText(pages: readonly DocsPage[], reference: string): string {
  const texts = pages.map(({ slug, markdown }) => `Source: /docs/${slug}.md\n\n${markdown.trim()}`);
  return [...texts, `Source: /docs/reference.md\n\n${reference.trim()}`].join("\n\n---\n\n").concat("\n");
}

/** The sections of one page, with the first sentence of each. */
export function toPageIndex({
  slug,
  title,
  summary,
  markdown,
}: Pick<DocsPage, "slug" | "title" | "summary" | "markdown">): string {
  const anchors = new HeadingAnchors();
  const tokens = lexer(markdown);
  const sections = tokens.flatMap((token, index) => {
    if (token.type !== "heading") return [];
    const words = plainText(token);
    const anchor = anchors.next(words);
    if (token.depth === 1) return [];
    const next = tokens.slice(index + 1).find(({ type }) => type !== "space");
    const about = next?.type === "paragraph" ? `: ${plainText(next)}` : "";
    return [`${"  ".repeat(token.depth - 2)}- [${words}](/docs/${slug}.md#${anchor})${about}`];
  });
  const head = `# ${title}${summary === "" ? "" : `\n\n> ${summary}`}`;
  return `${head}\n\n## Sections\n\n${sections.join("\n")}\n`;
}

function toLink({ slug, title, summary }: DocsPage): string {
  return `- [${title}](/docs/${slug}.md)${summary === "" ? "" : `: ${summary}`}`;
}
