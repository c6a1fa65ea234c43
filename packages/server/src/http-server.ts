import type { Server } from "node:http";
import { type AddressInfo, createServer, type Server as NetServer } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Router } from "./api/router.ts";
import { StartupError } from "./app-error.ts";

export type HttpServer = {
  /** For what needs sockets: the calls' audio. */
  readonly server: Server;
  /** Where the page is, for people. */
  readonly url: string;
  /** Takes no more connections, and ends those that are open. Idempotent. */
  close(): Promise<void>;
};

const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 120_000;

/**
 * Finds out early what `listen` would complain of: before a database is made and models are loaded.
 * @throws StartupError when the port is taken or not ours to take
 */
export async function checkPort(options: { readonly host: string; readonly port: number }): Promise<void> {
  const probe = createServer();
  await listenOn(probe, options);
  await new Promise<void>((resolve) => probe.close(() => resolve()));
}

/** @throws StartupError when the port is taken or not ours to take */
export async function listen(
  app: Router,
  options: { readonly host: string; readonly port: number },
): Promise<HttpServer> {
  const server = createAdaptorServer({
    fetch: app.fetch,
    serverOptions: { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
  }) as Server;
  await listenOn(server, options);
  const { port } = server.address() as AddressInfo;
  const host = ["0.0.0.0", "::"].includes(options.host) ? "localhost" : options.host;
  return {
    server,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listenOn(
  server: Pick<NetServer, "once" | "listen">,
  options: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(explain(error, options)));
    server.listen(options.port, options.host, () => resolve());
  });
}

function explain(error: NodeJS.ErrnoException, { host, port }: { host: string; port: number }): Error {
  switch (error.code) {
    case "EADDRINUSE":
      return new StartupError(
        `Port ${port} on ${host} is taken by another program. Stop it, or set PORT to another number.`,
        { cause: error },
      );
    case "EACCES":
      return new StartupError(`Port ${port} needs more rights than this user has. Set PORT to 1024 or higher.`, {
        cause: error,
      });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new StartupError(`This machine has no address ${host}. Set HOST to one of its own, or to 127.0.0.1.`, {
        cause: error,
      });
    default:
      return error;
  }
}
