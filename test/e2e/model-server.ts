import { once } from "node:events";
import { createServer } from "node:http";

/** An OpenAI-compatible language model that says one thing after the other, whatever it is asked. */
export async function startModelServer(answers: readonly string[]): Promise<{ url: string; close(): void }> {
  let next = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.once("end", () => {
      if (request.method === "GET") {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ object: "list", data: [{ id: "caller", object: "model" }] }));
        return;
      }
      const content = answers[Math.min(next++, answers.length - 1)] ?? "";
      const chunk = (delta: object, reason: string | null) =>
        `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 0, model: "caller", choices: [{ index: 0, delta, finish_reason: reason }] })}\n\n`;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(`${chunk({ role: "assistant", content }, null)}${chunk({}, "stop")}data: [DONE]\n\n`);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was free");
  return { url: `http://127.0.0.1:${address.port}/v1`, close: () => void server.close() };
}
