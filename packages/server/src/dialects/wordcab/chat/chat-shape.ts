/** Requests of POST chat/completions, as OpenAI's clients write them. */
import { z } from "zod";
import { toolsShape } from "../agents/tool-shape.ts";

const MAX_TEXT = 1_000_000;
const MAX_MESSAGES = 2000;

const text = z.string().max(MAX_TEXT);
const textPart = z
  .looseObject({
    type: z.enum(["text", "refusal"], "must be text: pictures, sounds and files aren't understood here"),
    text: text.optional(),
    refusal: text.optional(),
  })
  .transform((part) => part.text ?? part.refusal ?? "");
const content = z.union(
  [text, z.array(textPart).transform((parts) => parts.join(""))],
  "must be text or parts of type text",
);

const toolCallShape = z.looseObject({
  id: z.string().min(1).max(200),
  type: z.literal("function").default("function"),
  function: z.looseObject({ name: z.string().min(1).max(64), arguments: text }),
});

const messageShape = z.discriminatedUnion("role", [
  z.looseObject({ role: z.enum(["system", "developer"]), content }),
  z.looseObject({ role: z.literal("user"), content }),
  z.looseObject({
    role: z.literal("assistant"),
    content: content.nullish(),
    tool_calls: z.array(toolCallShape).max(128).nullish(),
  }),
  z.looseObject({ role: z.literal("tool"), content, tool_call_id: z.string().min(1).max(200) }),
]);

const toolChoiceShape = z.union(
  [
    z.enum(["none", "auto", "required"]),
    z.looseObject({ type: z.literal("function"), function: z.looseObject({ name: z.string().max(64) }) }),
  ],
  "must be none, auto, required or a function",
);

const responseFormatShape = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({
    type: z.literal("json_schema"),
    json_schema: z.looseObject({
      name: z.string().min(1).max(64),
      schema: z.record(z.string(), z.unknown()).optional(),
    }),
  }),
]);

const stopShape = z
  .union([
    z
      .string()
      .min(1)
      .max(200)
      .transform((one) => [one]),
    z.array(z.string().min(1).max(200)).max(4),
  ])
  .nullish();

const tokens = z.number().int().min(1).max(1_000_000).nullish();

export const chatShape = z
  .looseObject({
    model: z.string().max(200).nullish(),
    messages: z.array(messageShape).min(1).max(MAX_MESSAGES),
    tools: toolsShape.nullish(),
    tool_choice: toolChoiceShape.nullish(),
    response_format: responseFormatShape.nullish(),
    temperature: z.number().min(0).max(2).nullish(),
    max_tokens: tokens,
    max_completion_tokens: tokens,
    n: z.literal(1, "must be 1: one answer is given at a time").nullish(),
    seed: z.number().int().nullish(),
    stop: stopShape,
    stream: z.boolean().nullish(),
    stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  })
  .refine(
    ({ tools, tool_choice: choice }) =>
      typeof choice !== "object" ||
      choice === null ||
      tools?.some((tool) => tool.function.name === choice.function.name),
    { message: "names a function that is not in tools", path: ["tool_choice"] },
  );

export type ChatRequest = z.output<typeof chatShape>;
export type ChatMessage = ChatRequest["messages"][number];
