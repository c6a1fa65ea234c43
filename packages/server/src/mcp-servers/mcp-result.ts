import type { ToolOutcome } from "@earshot/engine";
import { z } from "zod";

/** Read leniently: what a tool did is done, however its server words it. */
export const callResultShape = z.looseObject({
  content: z.array(z.looseObject({ type: z.string() })).default([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

/** What a model can read of a result. */
export function toOutcome({ content, structuredContent, isError }: z.output<typeof callResultShape>): ToolOutcome {
  const text = content.map(toText).filter((part) => part !== "");
  const told = text.length > 0 || structuredContent === undefined ? text.join("\n") : JSON.stringify(structuredContent);
  return { outcome: isError ? "failed" : "succeeded", result: told };
}

function toText(part: Readonly<Record<string, unknown>>): string {
  const { text, uri, resource } = part as {
    text?: unknown;
    uri?: unknown;
    resource?: { text?: unknown; uri?: unknown };
  };
  if (typeof text === "string") return text;
  if (typeof resource?.text === "string") return resource.text;
  const link = uri ?? resource?.uri;
  return typeof link === "string" ? link : `[${String(part["type"])}]`;
}
