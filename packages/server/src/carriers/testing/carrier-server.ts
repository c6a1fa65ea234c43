/** A carrier's REST API on loopback, as its documentation describes it. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type CarrierAsked = {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly form: URLSearchParams;
  readonly json: Readonly<Record<string, unknown>>;
};
export type CarrierAnswer = { readonly status?: number; readonly json?: unknown };

/** `drop`: the connection breaks before anything is done; `lose`: after it; a number: that status. */
export type CarrierFault = "drop" | "lose" | number;

export async function startCarrierServer(answer: (asked: CarrierAsked) => CarrierAnswer) {
  const asked: CarrierAsked[] = [];
  const faults: CarrierFault[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "/", "http://carrier.example");
      const isJson = request.headers["content-type"]?.startsWith("application/json") === true;
      const whole: CarrierAsked = {
        ...{ method: request.method ?? "", path: url.pathname, query: url.searchParams, headers: request.headers },
        form: new URLSearchParams(isJson ? "" : body),
        json: isJson ? JSON.parse(body) : {},
      };
      asked.push(whole);
      const fault = faults.shift();
      if (fault === "drop") return void request.socket.destroy();
      const { status = 200, json } = typeof fault === "number" ? { status: fault } : answer(whole);
      if (fault === "lose") return void request.socket.destroy();
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(json === undefined ? "" : JSON.stringify(json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    /** What goes wrong with the next requests, one each. */
    faults,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
