import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Hono } from "hono";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { docsRoutes } from "./docs-routes.ts";

const FILES: Readonly<Record<string, string>> = {
  "README.md":
    "# Earshot\n\nEarshot is a platform. It talks.\n\nSee [models](docs/models.md#a--b) and [the licence](LICENSE).\n",
  "CONTRIBUTING.md": "# Contributing\n\nHow to [change](docs/decisions/README.md) it.\n",
  "docs/models.md":
    "# Models & voices\n\n![A picture](images/page.png)\n\nBring `your` own **voice**: it is easy.\n\n## A & b\n\nFirst things.\n\n" +
    "## A & b\n\n### Deeper\n\n| a | b |\n|---|---|\n| [up](../README.md) | `[not](a.md)` |\n\n<script>alert(1)</script>\n\n<!-- a remark -->\n\n" +
    "```sh\n[code](../README.md)\n```\n\n[there](https://example.org/x.md)\n",
  "docs/decisions/README.md": "# Decisions\n\nWhy.\n\n1. [Journal](0001-journal.md)\n",
  "docs/decisions/0001-journal.md": "# 1. The journal\n\n**Decision.** Facts only.\n",
  "packages/server/src/dialects/hms/README.md": "# HMS\n\nServed at /hms.\n",
  "docs/images/page.png": "png",
  "secret.txt": "secret",
};
const DESCRIPTION = JSON.stringify({
  info: { description: "An API." },
  tags: [{ name: "agents", description: "Who answers." }],
  paths: {
    "/v1/agents/{id}": {
      patch: {
        tags: ["agents"],
        summary: "Change an agent",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string", description: "The id." } }],
        requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/AgentPatch" } } } },
        responses: { 200: { content: { "application/json": { schema: { type: "object" } } } }, default: {} },
      },
    },
    "/health": { get: { tags: ["operation"], summary: "Whether it works" } },
  },
  webhooks: { "call.ended": { post: { tags: ["operation"], summary: "A call is over" } } },
  components: {
    schemas: {
      AgentPatch: {
        type: "object",
        required: ["name"],
        properties: {
          name: { type: "string", description: "Shown in lists." },
          kind: { enum: ["a", "b"], default: "a" },
          tools: { type: "array", items: { anyOf: [{ $ref: "#/components/schemas/Tool" }, { type: "null" }] } },
        },
      },
    },
  },
});

let root = "";
let site: Hono;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "earshot-docs-"));
  for (const [file, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }
  site = new Hono().route("/", docsRoutes({ describe: () => DESCRIPTION, root }));
  site.onError((error, c) => c.text(error.message, 404));
});
afterAll(() => rm(root, { recursive: true }));

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await site.request(path, { headers });
  return { status: response.status, type: response.headers.get("Content-Type"), text: await response.text() };
};

describe("a page", () => {
  it("is served as HTML with a title, its anchors, its tables and links to the other pages", async () => {
    const { status, type, text } = await get("/docs/models");
    expect([status, type]).toEqual([200, "text/html; charset=utf-8"]);
    expect(text).toContain("<title>Models &amp; voices · Earshot</title>");
    expect(text).toContain('<h2 id="a--b">');
    expect(text).toContain('<h2 id="a--b-1">');
    expect(text).toContain('<td><a href="/docs/readme">up</a></td>');
    expect(text).toContain('<img src="/docs/images/page.png" alt="A picture">');
    expect(text).toContain('<a href="https://example.org/x.md">');
    expect(text).toContain('<a href="/docs/models" aria-current="page">');
  });

  it("shows markup in its text instead of obeying it", async () => {
    const { text } = await get("/docs/models");
    expect(text).not.toContain("<script>");
    expect(text).toContain("&lt;script&gt;");
    expect(text).not.toContain("remark");
  });

  it("is served as Markdown under .md, and to who asks for Markdown", async () => {
    const { type, text } = await get("/docs/readme.md");
    expect(type).toBe("text/markdown; charset=utf-8");
    expect(text).toContain("See [models](/docs/models.md#a--b) and the licence.");
    expect((await get("/docs/readme", { Accept: "text/markdown, */*" })).text).toBe(text);
    const models = await get("/docs/models.md");
    expect(models.text).toContain("[code](../README.md)");
    expect(models.text).toContain("`[not](a.md)`");
  });

  it("lists its sections at llms.txt", async () => {
    expect((await get("/docs/models/llms.txt")).text).toBe(
      "# Models & voices\n\n> Bring your own voice.\n\n## Sections\n\n- [A & b](/docs/models.md#a--b): First things.\n" +
        "- [A & b](/docs/models.md#a--b-1)\n  - [Deeper](/docs/models.md#deeper)\n",
    );
  });

  it("of a folder is called by the folder", async () => {
    expect((await get("/docs/decisions")).text).toContain('<a href="/docs/decisions/0001-journal">Journal</a>');
    expect((await get("/docs/decisions/0001-journal.md")).text).toContain("# 1. The journal");
    expect((await get("/docs/dialects/hms")).text).toContain("Served at /hms.");
    expect((await get("/docs/contributing")).text).toContain('<a href="/docs/decisions">change</a>');
  });

  it.each([
    "/docs/nothing",
    "/docs/nothing.md",
    "/docs/secret.txt",
    "/docs/images/..%2f..%2fsecret.txt",
    "/docs/assets/x",
  ])("that does not exist is a 404: %s", async (path) => {
    const { status, text } = await get(path);
    expect(status).toBe(404);
    expect(text).not.toBe("secret");
  });
});

describe("all pages", () => {
  it("stand on the front page and in llms.txt, with a sentence each, README first", async () => {
    const front = await get("/docs");
    expect(front.text).toContain(
      '<dt><a href="/docs/models">Models &amp; voices</a></dt><dd>Bring your own voice.</dd>',
    );
    const { type, text } = await get("/llms.txt");
    expect(type).toBe("text/plain; charset=utf-8");
    expect(text).toMatch(/^# Earshot\n\n> Earshot is a self-hosted platform/);
    expect(text.match(/^(##.*|- \[.*?\]\(.*?\).*)$/gm)).toEqual([
      "## API",
      "- [API reference](/docs/reference.md): Every operation of the API with its parameters and bodies.",
      "- [OpenAPI](/openapi.json): The same, for programs.",
      "## Start",
      "- [Earshot](/docs/readme.md): Earshot is a platform.",
      "## Guides",
      "- [Models & voices](/docs/models.md): Bring your own voice.",
      "## Decisions",
      "- [Decisions](/docs/decisions.md): Why.",
      "- [1. The journal](/docs/decisions/0001-journal.md): Decision. Facts only.",
      "## Dialects",
      "- [HMS](/docs/dialects/hms.md): Served at /hms.",
      "## The project",
      "- [Contributing](/docs/contributing.md): How to change it.",
    ]);
  });

  it("stand in llms-full.txt, with the reference", async () => {
    const { text } = await get("/llms-full.txt");
    for (const slug of ["readme", "models", "decisions", "dialects/hms", "reference"])
      expect(text).toContain(`Source: /docs/${slug}.md\n`);
  });
});

describe("the API reference", () => {
  it("is a page whose scripts and styles come from this server alone", async () => {
    const { text } = await get("/docs/reference");
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url ?? "");
    expect(sources.filter((url) => !url.startsWith("/") && url !== "data:,")).toEqual([]);
    expect(text).not.toMatch(/<script[^>]*>[^<]|<style|\sstyle=|\son\w+=/);
    for (const name of ["docs.css", "reference.css", "reference.js", "swagger-ui.css", "swagger-ui-bundle.js"]) {
      const asset = await get(`/docs/assets/${name}`);
      expect([asset.status, asset.type]).toEqual([
        200,
        `text/${name.endsWith("css") ? "css" : "javascript"}; charset=utf-8`,
      ]);
    }
  });

  it("can be read as Markdown", async () => {
    const { text } = await get("/docs/reference.md");
    expect(text).toContain("## agents\n\nWho answers.\n\n### PATCH /v1/agents/{id}\n\nChange an agent.");
    expect(text).toContain("- `id` (path, string, required): The id.\n- Body: AgentPatch\n- Answers: 200 object");
    expect(text).toContain("## operation\n\n### GET /health");
    expect(text).toContain("### WEBHOOK call.ended\n\nA call is over.");
    expect(text).toContain("### AgentPatch\n\n- `name` (string, required): Shown in lists.");
    expect(text).toContain('- `kind` ("a" | "b", default "a")');
    expect(text).toContain("- `tools` (list of Tool | null)");
    expect((await get("/docs/reference/llms.txt")).text).toContain("[PATCH /v1/agents/{id}](/docs/reference.md#patch-");
  });
});

it("serves the documentation of this repository", async () => {
  const own = new Hono().route("/", docsRoutes({ describe: () => DESCRIPTION }));
  const readme = await own.request("/docs/readme.md");
  expect((await readme.text()).split("\n", 1)).toEqual(
    (await readFile(new URL("../../../../README.md", import.meta.url), "utf8")).split("\n", 1),
  );
  const index = await (await own.request("/llms.txt")).text();
  expect(index).toContain("(/docs/configuration.md)");
});
