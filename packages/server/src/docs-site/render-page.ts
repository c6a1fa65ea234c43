import { Marked, type Tokens } from "marked";
import type { DocsPage } from "./docs-page.ts";
import { HeadingAnchors } from "./heading-anchors.ts";
import { plainText } from "./plain-text.ts";

/** A page of the site as HTML. Markup in the Markdown itself is shown, not obeyed; comments are left out. */
export function renderPage(page: DocsPage, pages: readonly DocsPage[]): string {
  return renderShell({
    title: page.title,
    head: `<link rel="alternate" type="text/markdown" href="/docs/${escapeHtml(page.slug)}.md">`,
    body: `${renderNavigation(pages, page.slug)}<main><p class="source"><a href="/docs/${escapeHtml(page.slug)}.md">View as Markdown</a></p>${renderMarkdown(page.markdown)}</main>`,
  });
}

/** What every page has around it. */
export function renderShell({ title, head = "", body }: { title: string; head?: string; body: string }): string {
  const name = title === "Earshot" ? title : `${title} · Earshot`;
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<meta name="color-scheme" content="light dark"><title>${escapeHtml(name)}</title>` +
    `<link rel="stylesheet" href="/docs/assets/docs.css"><link rel="icon" href="data:,">${head}</head><body>` +
    '<header><a class="brand" href="/docs">Earshot</a><a href="/docs/reference">API reference</a>' +
    `<a href="/llms.txt">llms.txt</a></header><div class="columns">${body}</div></body></html>`
  );
}

/** Links to all pages, by group. */
export function renderNavigation(pages: readonly DocsPage[], currentSlug?: string): string {
  const groups = groupPages(pages).map(({ name, pages: members }) => {
    const links = members.map(({ slug, title }) => {
      const current = slug === currentSlug ? ' aria-current="page"' : "";
      return `<li><a href="/docs/${escapeHtml(slug)}"${current}>${escapeHtml(title)}</a></li>`;
    });
    return `<h2>${escapeHtml(name)}</h2><ul>${links.join("")}</ul>`;
  });
  return `<nav aria-label="Pages">${groups.join("")}</nav>`;
}

/** The front page: every page with the sentence that says what it is about. */
export function renderIndex(pages: readonly DocsPage[]): string {
  const groups = groupPages(pages).map(({ name, pages: members }) => {
    const items = members.map(
      ({ slug, title, summary }) =>
        `<dt><a href="/docs/${escapeHtml(slug)}">${escapeHtml(title)}</a></dt><dd>${escapeHtml(summary)}</dd>`,
    );
    return `<h2>${escapeHtml(name)}</h2><dl>${items.join("")}</dl>`;
  });
  const reference =
    '<h2>API</h2><dl><dt><a href="/docs/reference">API reference</a></dt><dd>Every operation, to read and to try. ' +
    'Also as <a href="/docs/reference.md">Markdown</a> and as <a href="/openapi.json">OpenAPI 3.1</a>.</dd></dl>';
  return renderShell({
    title: "Documentation",
    body: `<main><h1>Documentation</h1>${reference}${groups.join("")}</main>`,
  });
}

export type PageGroup = { readonly name: string; readonly pages: readonly DocsPage[] };

/** By folder, in the order of the pages; a folder is called by the title of its README. */
export function groupPages(pages: readonly DocsPage[]): readonly PageGroup[] {
  const groups = new Map<string, DocsPage[]>();
  for (const page of pages) {
    const name = groupName(page, pages);
    groups.set(name, [...(groups.get(name) ?? []), page]);
  }
  return [...groups].map(([name, members]) => ({ name, pages: members }));
}

function groupName({ file, folder }: DocsPage, pages: readonly DocsPage[]): string {
  if (file === "README.md") return "Start";
  if (folder === "") return "The project";
  if (folder === "docs") return "Guides";
  if (folder.includes("/dialects/")) return "Dialects";
  return pages.find((page) => page.file === `${folder}/README.md`)?.title ?? folder.replace(/^docs\//, "");
}

function renderMarkdown(markdown: string): string {
  const anchors = new HeadingAnchors();
  const marked = new Marked({
    gfm: true,
    renderer: {
      heading(token: Tokens.Heading) {
        const anchor = escapeHtml(anchors.next(plainText(token)));
        const words = this.parser.parseInline(token.tokens);
        return `<h${token.depth} id="${anchor}"><a class="anchor" href="#${anchor}">${words}</a></h${token.depth}>\n`;
      },
      html: ({ text }: Tokens.HTML | Tokens.Tag) => (text.startsWith("<!--") ? "" : escapeHtml(text)),
      table(token: Tokens.Table) {
        const row = (cells: readonly Tokens.TableCell[], tag: string) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join("")}</tr>`;
        const body = token.rows.map((cells) => row(cells, "td")).join("");
        return `<div class="wide"><table><thead>${row(token.header, "th")}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
    walkTokens: (token) => {
      if (token.type === "link") token["href"] = withoutSuffix(String(token["href"]));
    },
  });
  return marked.parse(markdown, { async: false });
}

/** On the HTML site links lead to HTML. */
function withoutSuffix(href: string): string {
  return href.startsWith("/docs/") ? href.replace(/\.md(?=#|$)/, "") : href;
}

function escapeHtml(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}
