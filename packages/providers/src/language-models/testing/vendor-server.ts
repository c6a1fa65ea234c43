import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server does with the next request. */
export type Answer =
  /** A recorded event stream, one network write per event, or `piecesOfBytes` long ones, cutting words and code points. */
  | {
      readonly kind: "stream";
      readonly body: string;
      readonly piecesOfBytes?: number;
      readonly after?: "end" | "stall" | "die";
    }
  | { readonly kind: "json"; readonly status: number; readonly body: string }
  /** Takes the request and never answers. */
  | { readonly kind: "silence" };

export type SeenRequest = {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Readonly<Record<string, unknown>>;
};

/** A vendor on loopback, for tests: answers each request with the next of its answers, then repeats the last one. */
export class VendorServer {
  readonly requests: SeenRequest[] = [];
  readonly #server = createServer((request, response) => void this.#handle(request, response));
  readonly #closedEarly: (() => void)[] = [];
  #answers: Answer[] = [];

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get baseUrl(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `http://127.0.0.1:${port}/v1`;
  }

  answerWith(...answers: readonly Answer[]): void {
    this.#answers = [...answers];
  }

  /** Resolves when a client goes away before the server has ended its answer. */
  clientWentAway(): Promise<void> {
    return new Promise((resolve) => this.#closedEarly.push(resolve));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString("utf8");
    this.requests.push({
      path: request.url ?? "",
      headers: request.headers,
      body: text === "" ? {} : JSON.parse(text),
    });
    response.on("close", () => {
      if (!response.writableFinished) for (const resolve of this.#closedEarly.splice(0)) resolve();
    });
    const answer = this.#answers.length > 1 ? this.#answers.shift() : this.#answers[0];
    await give(answer ?? { kind: "json", status: 404, body: "{}" }, response);
  }
}

export function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url), "utf8");
}

async function give(answer: Answer, response: ServerResponse): Promise<void> {
  switch (answer.kind) {
    case "silence":
      return;
    case "json":
      response.writeHead(answer.status, { "content-type": "application/json" }).end(answer.body);
      return;
    case "stream":
      response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" });
      for (const piece of toPieces(answer)) await write(response, piece);
      if (answer.after === "die") response.destroy();
      else if (answer.after !== "stall") response.end();
      return;
    default:
      answer satisfies never;
  }
}

function toPieces(answer: Answer & { kind: "stream" }): Buffer[] {
  const bytes = Buffer.from(answer.body, "utf8");
  const size = answer.piecesOfBytes;
  if (size === undefined) return answer.body.split(/(?<=\n\n)/).map((event) => Buffer.from(event, "utf8"));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

async function write(response: ServerResponse, piece: Buffer): Promise<void> {
  await new Promise<void>((resolve) => response.write(piece, () => resolve()));
}
