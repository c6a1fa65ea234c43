/** Wordcab's test suites over ours. */
import { z } from "zod";
import { storableText } from "../../../storable-text.ts";
import type { testSuiteKind } from "../../../test-suites/test-suite.ts";
import type { VendorFields } from "../../kit/vendor-fields.ts";

type Suite = z.output<typeof testSuiteKind.shape>;
type OurCase = Suite["cases"][number];

const text = storableText({ min: 1, max: 5000 });
/** How turns are written isn't known: text, or a message. */
const turnShape = z.union(
  [
    text,
    z.looseObject({ role: z.enum(["user", "caller", "assistant", "agent"]).default("user"), content: text }),
    z.looseObject({ role: z.enum(["user", "caller", "assistant", "agent"]).default("user"), text }),
  ],
  "must be text, or a message with role and content",
);
const toolCallShape = z.union(
  [
    storableText({ min: 1, max: 64 }),
    z.looseObject({
      name: storableText({ min: 1, max: 64 }),
      arguments: z.record(z.string(), z.unknown()).optional(),
    }),
  ],
  "must be a name, or an object with name and arguments",
);
const inputShape = z.union(
  [
    z.looseObject({ audio_url: z.url({ protocol: /^https?$/, error: "must be an http or https URL" }).max(2000) }),
    z.looseObject({ turns: z.array(turnShape).min(1).max(200) }),
  ],
  "must have audio_url or turns",
);
const caseShape = z.looseObject({
  id: storableText({ min: 1, max: 64 }),
  input: inputShape,
  expected: z
    .looseObject({
      tool_calls: z.array(toolCallShape).max(50).optional(),
      assertions: z
        .array(
          z.looseObject({
            type: z.enum(["transcript_contains", "transcript_not_contains"]),
            value: storableText({ min: 1, max: 1000 }),
          }),
        )
        .max(50)
        .optional(),
    })
    .optional(),
});

export const newTestSuiteShape = z.looseObject({
  name: storableText({ min: 1, max: 200 }),
  description: storableText({ max: 2000 }).nullish(),
  cases: z
    .array(caseShape)
    .max(500)
    .refine((cases) => new Set(cases.map(({ id }) => id)).size === cases.length, "must have different ids")
    .default([]),
});

type Case = z.output<typeof caseShape>;

export const testSuiteFields: VendorFields<Suite> = {
  name: { read: ({ name }) => name, write: (name: string, suite) => ({ ...suite, name }) },
  description: {
    read: ({ description }) => description,
    write: (description: string | null, suite) => ({ ...suite, description: description ?? "" }),
  },
  cases: {
    read: ({ cases }) => cases.map(showCase),
    write: (cases: readonly Case[], suite) => ({ ...suite, cases: cases.map(fromCase) }),
  },
};

function fromCase({ id, input, expected }: Case): OurCase {
  const { tool_calls: toolCalls = [], assertions = [] } = expected ?? {};
  return {
    id,
    input: "turns" in input ? { turns: (input.turns as Turn[]).map(fromTurn) } : { audioUrl: String(input.audio_url) },
    expected: {
      toolCalls: toolCalls.map((call) =>
        typeof call === "string"
          ? { name: call }
          : { name: call.name, ...(call.arguments === undefined ? {} : { arguments: call.arguments }) },
      ),
      assertions: assertions.map(({ type, value }) => ({ type, value })),
    },
  };
}

type Turn = z.output<typeof turnShape>;

function fromTurn(turn: Turn): { role: "caller" | "agent"; content: string } {
  if (typeof turn === "string") return { role: "caller", content: turn };
  const role = turn.role === "assistant" || turn.role === "agent" ? "agent" : "caller";
  return { role, content: String("content" in turn ? turn.content : turn.text) };
}

function showCase({ id, input, expected }: OurCase) {
  const turns = (lines: readonly { readonly role: string; readonly content: string }[]) =>
    lines.map(({ role, content }) => ({ role: role === "agent" ? "assistant" : "user", content }));
  return {
    id,
    input: "turns" in input ? { turns: turns(input.turns) } : { audio_url: input.audioUrl },
    expected: { tool_calls: expected.toolCalls, assertions: expected.assertions },
  };
}
