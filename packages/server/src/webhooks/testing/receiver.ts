import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type ReceivedRequest = {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** The path and query. */
  readonly url: string;
};

/** A receiver of webhooks on loopback; `answer` says what comes back, 200 by default. */
export async function startReceiver(
  answer: (request: ReceivedRequest, response: ServerResponse) => void = (_request, response) => response.end("ok"),
) {
  const received: ReceivedRequest[] = [];
  const state = { inFlight: 0, mostInFlight: 0 };
  const server = createServer((request, response) => {
    state.inFlight++;
    state.mostInFlight = Math.max(state.mostInFlight, state.inFlight);
    response.once("close", () => state.inFlight--);
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      const whole = { headers: request.headers, body, url: request.url ?? "" };
      received.push(whole);
      answer(whole, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    state,
    /** The parsed bodies. */
    bodies: () => received.map(({ body }) => JSON.parse(body) as Record<string, unknown>),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
