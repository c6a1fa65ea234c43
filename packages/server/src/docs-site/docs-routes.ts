import { readFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Context, Hono } from "hono";
import { AppError } from "../app-error.ts";
import { type ApiDescription, REFERENCE_TITLE, toReferenceMarkdown } from "./api-reference.ts";
import { type DocsPage, findDocsPages, imageDirectory } from "./docs-page.ts";
import { toLlmsFullText, toLlmsText, toPageIndex } from "./llms-text.ts";
import { renderIndex, renderNavigation, renderPage, renderShell } from "./render-page.ts";

const MARKDOWN = "text/markdown; charset=utf-8";
const HTML = "text/html; charset=utf-8";
const TEXT = "text/plain; charset=utf-8";
const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

const ASSETS: Readonly<Record<string, () => string>> = {
  "docs.css": () => ours("docs.css"),
  "reference.css": () => ours("reference.css"),
  "reference.js": () => ours("reference.js"),
  "swagger-ui.css": () => fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui.css")),
  "swagger-ui-bundle.js": () => fileURLToPath(import.meta.resolve("swagger-ui-dist/swagger-ui-bundle.js")),
};

/**
 * The documentation: /docs for people, /docs/<page>.md, /llms.txt and /llms-full.txt for programs, and /docs/reference
 * for the API. Open to all: it says nothing of this server but its version.
 * @param options `describe`: gives the OpenAPI document as JSON; `root`: where the repository is (default: this one)
 */
export function docsRoutes(options: { readonly describe: () => string; readonly root?: string }): Hono {
  const { root } = options;
  let found: Promise<readonly DocsPage[]> | undefined;
  const pages = () => {
    found ??= findDocsPages(root);
    return found;
  };
  const reference = () => toReferenceMarkdown(JSON.parse(options.describe()) as ApiDescription);

  return new Hono()
    .get("/llms.txt", async (c) => answer(c, toLlmsText(await pages()), TEXT))
    .get("/llms-full.txt", async (c) => answer(c, toLlmsFullText(await pages(), reference()), TEXT))
    .get("/docs", async (c) => answer(c, renderIndex(await pages()), HTML))
    .get("/docs/reference", async (c) => answer(c, renderReference(await pages()), HTML))
    .get("/docs/reference.md", (c) => answer(c, reference(), MARKDOWN))
    .get("/docs/reference/llms.txt", (c) => answer(c, toReferenceIndex(reference()), TEXT))
    .get("/docs/assets/:name", (c) => sendFile(c, ASSETS[c.req.param("name")]?.()))
    .get("/docs/images/:name", (c) => sendFile(c, join(imageDirectory(root), basename(c.req.param("name")))))
    .get("/docs/*", async (c) => sendPage(c, c.req.path.slice("/docs/".length), await pages()));
}

function sendPage(c: Context, path: string, pages: readonly DocsPage[]): Response {
  const slug = path.replace(/\.md$|\/llms\.txt$|\/$/, "");
  const page = pages.find((each) => each.slug === slug);
  if (page === undefined)
    throw new AppError("not_found", `there is no page /docs/${path}; /docs lists those there are`);
  if (path.endsWith("/llms.txt")) return answer(c, toPageIndex(page), TEXT);
  const wantsMarkdown = path.endsWith(".md") || c.req.header("Accept")?.includes("text/markdown");
  return wantsMarkdown ? answer(c, page.markdown, MARKDOWN) : answer(c, renderPage(page, pages), HTML);
}

function answer(c: Context, text: string, type: string): Response {
  return c.body(text, 200, { "Content-Type": type, "Cache-Control": "no-cache", Vary: "Accept" });
}

async function sendFile(c: Context, file: string | undefined): Promise<Response> {
  const bytes = file === undefined ? undefined : await readFile(file).catch(() => undefined);
  if (file === undefined || bytes === undefined) throw new AppError("not_found", `there is nothing at ${c.req.path}`);
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  return c.body(new Uint8Array(bytes), 200, { "Content-Type": type, "Cache-Control": "public, max-age=3600" });
}

function renderReference(pages: readonly DocsPage[]): string {
  return renderShell({
    title: REFERENCE_TITLE,
    head:
      '<link rel="alternate" type="text/markdown" href="/docs/reference.md">' +
      '<link rel="stylesheet" href="/docs/assets/swagger-ui.css"><link rel="stylesheet" href="/docs/assets/reference.css">' +
      '<script defer src="/docs/assets/swagger-ui-bundle.js"></script><script defer src="/docs/assets/reference.js"></script>',
    body:
      `${renderNavigation(pages, "reference")}<main class="reference"><p class="source">` +
      '<a href="/docs/reference.md">View as Markdown</a></p><div id="reference"></div></main>',
  });
}

function toReferenceIndex(markdown: string): string {
  return toPageIndex({ slug: "reference", title: REFERENCE_TITLE, summary: "Every operation of the API.", markdown });
}

function ours(name: string): string {
  return fileURLToPath(new URL(`assets/${name}`, import.meta.url));
}
