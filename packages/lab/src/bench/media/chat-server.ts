/** A language model by script, as an OpenAI-compatible server: the same sentence to everybody, word by word. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

const ANSWER = "We are open until noon on Saturdays, and closed on Sundays.";
const FIRST_WORD_MS = 150;
const WORD_MS = 20;

/** Resolves to its base URL. It ends with its process. */
export async function startChatServer(): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      if (request.method === "POST") void answer(response);
      else response.setHeader("content-type", "application/json").end('{"object":"list","data":[]}');
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function answer(response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  await wait(FIRST_WORD_MS);
  for (const word of ANSWER.match(/\S+\s?/g) ?? []) {
    if (response.destroyed) return;
    response.write(toChunk({ content: word }));
    await wait(WORD_MS);
  }
  response.end(`${toChunk({}, "stop")}data: [DONE]\n\n`);
}

function toChunk(delta: object, finishReason: string | null = null): string {
  const choices = [{ index: 0, delta, finish_reason: finishReason }];
  return `data: ${JSON.stringify({ id: "chat-1", object: "chat.completion.chunk", created: 1, model: "scripted", choices })}\n\n`;
}
