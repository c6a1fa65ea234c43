import { once } from "node:events";
import { createServer } from "node:http";

/** An OpenAI-compatible language model that says one thing after the other in each conversation, whatever it hears. */
export async function startModelServer(answers: readonly string[]): Promise<{ url: string; close(): void }> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.once("end", () => {
      if (request.method === "GET") {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(JSON.stringify({ object: "list", data: [{ id: "caller", object: "model" }] }));
        return;
      }
      const { messages } = JSON.parse(body) as { messages: readonly { role: string }[] };
      const said = messages.filter(({ role }) => role === "assistant").length;
      const content = answers[Math.min(said, answers.length - 1)] ?? "";
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
