import type { Message as Said } from "@earshot/engine";
import type { Message } from "../messages/message.ts";

/** What was written, as a model is told what was said. What never went out was never said. */
export function toHistory(oldestFirst: readonly Message[]): Said[] {
  return oldestFirst
    .filter(({ status }) => status !== "failed")
    .map((message): Said => {
      const text = textOf(message);
      return message.direction === "inbound" ? { role: "caller", text } : { role: "agent", text };
    });
}

function textOf({ body, mediaUrls }: Message): string {
  if (mediaUrls.length === 0) return body;
  const attached = `[${mediaUrls.length} attached: ${mediaUrls.join(" ")}]`;
  return body === "" ? attached : `${body}\n${attached}`;
}
