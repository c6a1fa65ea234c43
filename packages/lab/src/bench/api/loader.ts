import { Agent, request } from "node:http";

export type LoadRequest = {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly onAnswer?: ((answer: Readonly<Record<string, unknown>>) => void) | undefined;
};

export type Load = { readonly perSecond: number; readonly latenciesMs: readonly number[] };

/** Sends requests over a fixed number of connections that stay open, one at a time on each. */
export class Loader {
  readonly #url: string;
  readonly #connections: number;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #agent: Agent;

  constructor(url: string, connections: number, headers: Readonly<Record<string, string>>) {
    this.#url = url;
    this.#connections = connections;
    this.#headers = headers;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @throws Error at the first answer that isn't a success */
  async run(count: number, next: (n: number) => LoadRequest): Promise<Load> {
    const latenciesMs: number[] = [];
    let sent = 0;
    const startedMs = performance.now();
    const sendInTurn = async () => {
      while (sent < count) {
        const beganMs = performance.now();
        await this.#send(next(sent++));
        latenciesMs.push(performance.now() - beganMs);
      }
    };
    await Promise.all(Array.from({ length: this.#connections }, sendInTurn));
    return { perSecond: (1000 * latenciesMs.length) / (performance.now() - startedMs), latenciesMs };
  }

  close(): void {
    this.#agent.destroy();
  }

  #send({ method, path, body, onAnswer }: LoadRequest): Promise<void> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const content: Record<string, string | number> =
      text === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(text) };
    return new Promise((resolve, reject) => {
      const headers = { ...this.#headers, ...content };
      const sending = request(this.#url + path, { method, agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const answer = Buffer.concat(chunks).toString();
          if ((response.statusCode ?? 500) >= 300)
            return reject(new Error(`${method} ${path}: ${response.statusCode} ${answer}`));
          onAnswer?.(JSON.parse(answer));
          resolve();
        });
        response.on("error", reject);
      });
      sending.on("error", (error: NodeJS.ErrnoException) => {
        // The server closed a connection that was idle just as it was taken again.
        if (sending.reusedSocket && error.code === "ECONNRESET") resolve(this.#send({ method, path, body, onAnswer }));
        else reject(error);
      });
      sending.end(text);
    });
  }
}
