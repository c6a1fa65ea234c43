import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Samples } from "@earshot/engine";
import { WebSocketServer } from "ws";
import type { AnswerRequest, ServedAnswer } from "./served-answer.ts";
import { ServedSession } from "./served-session.ts";

export type RealtimeServerOptions = {
  /** Whose manners it has. Default "openai". */
  readonly manners?: "openai" | "openai-beta" | "xai";
  /** What callers are understood to say, utterance by utterance, over all sessions; then nothing. */
  readonly hears?: readonly string[];
  /** Default: repeats what was heard. */
  readonly answer?: (request: AnswerRequest) => ServedAnswer;
  /** Speech at `rateHz`. Default: a tone of 50 ms for each character. */
  readonly speak?: (text: string, rateHz: number) => Samples;
  /** Default "key". */
  readonly apiKey?: string;
  /** Never answers `session.update`. */
  readonly isDeaf?: boolean;
  /** Never answers `response.create`: the test does, by `send`. */
  readonly isMute?: boolean;
};

/**
 * A realtime vendor on loopback: it hears by loudness, understands and answers by script, and complains of what the real
 * ones complain of.
 */
export class RealtimeServer {
  readonly sessions: ServedSession[] = [];
  /** HTTP statuses that answer the next connections. */
  readonly refusals: number[] = [];
  readonly #options: RealtimeServerOptions;
  readonly #server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true });
  #waiting: { count: number; resolve: (session: ServedSession) => void }[] = [];
  #heard = 0;
  #answered = 0;

  constructor(options: RealtimeServerOptions = {}) {
    this.#options = options;
    this.#server.on("upgrade", (request, socket, head) => {
      const isKnown = request.headers.authorization === `Bearer ${options.apiKey ?? "key"}`;
      const status = this.refusals.shift() ?? (isKnown ? undefined : 401);
      if (status !== undefined) {
        socket.end(`HTTP/1.1 ${status} Refused\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
        return;
      }
      const model = new URL(request.url ?? "", "http://localhost").searchParams.get("model") ?? "";
      this.#sockets.handleUpgrade(request, socket, head, (opened) => {
        this.#add(new ServedSession({ socket: opened, model, server: this.#surroundings() }));
      });
    });
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1/realtime`;
  }

  /** The session of that number, counted from 0, as soon as it is there. */
  session(index: number): Promise<ServedSession> {
    const session = this.sessions[index];
    if (session) return Promise.resolve(session);
    return new Promise((resolve) => this.#waiting.push({ count: index + 1, resolve }));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #add(session: ServedSession): void {
    this.sessions.push(session);
    const ready = this.#waiting.filter(({ count }) => count <= this.sessions.length);
    this.#waiting = this.#waiting.filter(({ count }) => count > this.sessions.length);
    for (const { resolve } of ready) resolve(session);
  }

  #surroundings() {
    const { manners = "openai", hears = [], answer, speak, isDeaf = false, isMute = false } = this.#options;
    return {
      manners,
      isDeaf,
      isMute,
      hear: () => hears[this.#heard++] ?? "",
      answer: (request: Omit<AnswerRequest, "index">) => {
        const index = this.#answered++;
        return answer?.({ ...request, index }) ?? { text: request.heard ? `You said: ${request.heard}` : "Hello." };
      },
      speak: speak ?? toneFor,
    };
  }
}

const TONE_HZ = 300;
const TONE_MS_PER_CHAR = 50;
const TONE_LEVEL = 8000;

function toneFor(text: string, rateHz: number): Samples {
  const samples = new Int16Array((text.length * TONE_MS_PER_CHAR * rateHz) / 1000);
  for (let i = 0; i < samples.length; i++)
    samples[i] = Math.round(TONE_LEVEL * Math.sin((2 * Math.PI * TONE_HZ * i) / rateHz));
  return samples;
}
