import { readFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { extname, join, normalize } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};

/** As strict as the real server's, so that a page which breaks it is noticed here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; media-src 'self'; form-action 'none'";

/** Serves the built page. */
export async function serveFile(response: ServerResponse, folder: string, pathname: string): Promise<void> {
  const path = join(folder, normalize(pathname === "/" ? "/index.html" : pathname));
  try {
    const body = await readFile(path);
    const type = TYPES[extname(path)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  } catch {
    response.writeHead(404).end("Not found. Has the page been built? npm run build -w @earshot/dashboard");
  }
}
