/** A customer's server whose every answer the test writes by hand. */

import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type ReceivedTurn = { readonly headers: IncomingHttpHeaders; readonly body: string };

export class TurnServer {
  readonly received: ReceivedTurn[] = [];
  readonly url: string;
  readonly close: () => void;

  private constructor(url: string, received: ReceivedTurn[], close: () => void) {
    this.url = url;
    this.received = received;
    this.close = close;
  }

  /** `answer` may write as it likes, now or later. */
  static async listen(answer: (response: ServerResponse, turn: ReceivedTurn) => void): Promise<TurnServer> {
    const received: ReceivedTurn[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      const turn = { headers: request.headers, body };
      received.push(turn);
      answer(response, turn);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return new TurnServer(`http://127.0.0.1:${port}/turn`, received, () => {
      server.closeAllConnections();
      server.close();
    });
  }
}

export function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
}

export function answerLines(response: ServerResponse, ...values: readonly unknown[]): void {
  response.writeHead(200, { "Content-Type": "application/x-ndjson; charset=utf-8" });
  response.end(values.map((value) => `${JSON.stringify(value)}\n`).join(""));
}
