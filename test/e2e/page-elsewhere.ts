import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A page of another origin than the server's: somebody's website. */
export type PageElsewhere = { readonly origin: string; close(): Promise<void> };

/** @param html of the page at a path; undefined: there is none */
export async function servePage(html: (path: string) => string | undefined): Promise<PageElsewhere> {
  const server = createServer((request, response) => {
    const body = html(request.url ?? "/");
    response.writeHead(body === undefined ? 404 : 200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
