import { describe, expect, test } from "vitest";
import { fromVendorDefinition, toVendorDefinition } from "./workflow-codec.ts";

const START = { id: "start", type: "conversation", instructions: "Ask what it is about." };
const GO = { from: "start", to: "next", description: "The matter is known" };

/** A definition in which `node` comes second; a way leads on from it where one may. */
function definitionWith(node: Record<string, unknown>, isLast = true) {
  const end = { id: "bye", type: "end" };
  return {
    version: 1,
    entry_node: "start",
    nodes: [START, { id: "next", ...node }, ...(isLast ? [] : [end])],
    edges: [GO, ...(isLast ? [] : [{ from: "next", to: "bye", description: "That is all" }])],
  };
}

const nodeOf = (definition: ReturnType<typeof fromVendorDefinition>) => definition.nodes[1];
const shownNodeOf = (definition: ReturnType<typeof fromVendorDefinition>) =>
  (toVendorDefinition(definition)["nodes"] as Record<string, unknown>[])[1];

describe("a node of HMS's", () => {
  test.each([
    [
      "tool",
      {
        type: "tool",
        tool_name: "find",
        url: "https://t.example.com/",
        arguments: { q: "{{name}}" },
        first_line: "I look.",
      },
      { toolName: "find", url: "https://t.example.com/", arguments: { q: "{{name}}" }, firstLine: "I look." },
    ],
    [
      "transfer",
      { type: "transfer", destination: "+31201234567", first_line: "One moment." },
      { destination: "+31201234567", firstLine: "One moment." },
    ],
    ["end", { type: "end", first_line: "Bye!" }, { firstLine: "Bye!" }],
    ["hand-off of ours", { type: "hand_off", agent_id: "agt_1" }, { type: "handOff", agentId: "agt_1" }],
    [
      "extraction of ours",
      { type: "extract", variables: [{ name: "day", type: "date" }] },
      { variables: [expect.objectContaining({ name: "day", type: "date" })] },
    ],
    ["condition of ours", { type: "condition" }, { type: "condition" }],
  ])("of the type %s means what it says, and is shown as it was sent", (_type, sent, meant) => {
    const definition = fromVendorDefinition(definitionWith(sent, sent.type !== "extract" && sent.type !== "condition"));
    expect(nodeOf(definition)).toMatchObject({ id: "next", ...meant });
    expect(shownNodeOf(definition)).toMatchObject({ id: "next", ...sent });
    expect(fromVendorDefinition(toVendorDefinition(definition))).toEqual(definition);
  });

  test("of the type conversation has instructions, settings and tools of its own", () => {
    const sent = {
      type: "conversation",
      instructions: "Find a day.",
      first_line: "Let us see.",
      global: true,
      global_description: "The caller wants another day",
      llm_config: { provider: "openai", model: "gpt-4o", temperature: 0.1 },
      tts_config: { provider: "local", voice_id: "flite:slt", speed: 1.2 },
      stt_config: { provider: "deepgram", model: "nova-3", language: "nl", keyterms: ["Flireo"] },
      tools: [{ name: "find", description: "Finds.", url: "https://t.example.com/" }],
      ui: { x: 1, y: 2 },
    };
    const definition = fromVendorDefinition(definitionWith(sent, false));
    expect(nodeOf(definition)).toMatchObject({
      type: "conversation",
      instructions: "Find a day.",
      firstLine: "Let us see.",
      isGlobal: true,
      globalDescription: "The caller wants another day",
      overrides: {
        models: { languageModel: "openai/gpt-4o", speechToText: "deepgram/nova-3" },
        temperature: 0.1,
        voice: { id: "flite:slt", speed: 1.2 },
        language: "nl",
        keyterms: ["Flireo"],
      },
      tools: [{ kind: "webhook", name: "find", url: "https://t.example.com/" }],
      ui: { x: 1, y: 2 },
    });
    const shown = shownNodeOf(definition);
    expect(shown).toMatchObject({
      global: true,
      llm_config: sent.llm_config,
      tts_config: sent.tts_config,
      ui: sent.ui,
    });
    expect(shown).toMatchObject({ stt_config: sent.stt_config });
    expect(fromVendorDefinition(toVendorDefinition(definition))).toEqual(definition);
  });

  test.each([
    ["flite:slt", "flite:slt"],
    [{ provider: "local", voice_id: "flite:slt" }, "flite:slt"],
    [{ provider: "elevenlabs", voice_id: "x" }, "elevenlabs:x"],
  ])("takes the voice %j in the older spelling", (voice, id) => {
    const definition = fromVendorDefinition(definitionWith({ type: "conversation", voice }, false));
    expect(nodeOf(definition)).toMatchObject({ overrides: { voice: { id } } });
  });
});

describe("a definition of HMS's", () => {
  test("keeps the rules for all nodes, and what is said on an edge", () => {
    const sent = {
      ...definitionWith({ type: "end" }),
      global_prompt: "Be kind.",
      edges: [{ ...GO, message: "Right." }],
    };
    const definition = fromVendorDefinition(sent);
    expect(definition).toMatchObject({ version: 1, entryNode: "start", globalPrompt: "Be kind." });
    expect(definition.edges).toEqual([{ ...GO, message: "Right." }]);
    expect(toVendorDefinition(definition)).toMatchObject({ global_prompt: "Be kind.", edges: sent.edges });
  });

  const start = definitionWith({ type: "end" });
  test.each([
    ["an entry that is no conversation", { ...start, entry_node: "next" }, "definition.entry_node"],
    [
      "an edge to its own node",
      { ...start, edges: [GO, { from: "start", to: "start", description: "x" }] },
      "definition.edges.1.to",
    ],
    ["the same edge twice", { ...start, edges: [GO, GO] }, "definition.edges.1"],
    [
      "an edge of a conversation without a description",
      { ...start, edges: [{ from: "start", to: "next" }] },
      "definition.edges.0.description",
    ],
    ["a bad name of a node", definitionWith({ id: "Next!", type: "end" }), "definition.nodes.1.id"],
    ["an unknown type", definitionWith({ type: "dance" }), "definition.nodes.1.type"],
    ["a tool without a name", definitionWith({ type: "tool" }), "definition.nodes.1.tool_name"],
    ["a transfer to nowhere", definitionWith({ type: "transfer" }), "definition.nodes.1.destination"],
    [
      "a wrong setting",
      definitionWith({ type: "conversation", llm_config: { provider: "openai", model: "m", temperature: 9 } }),
      "definition.nodes.1.llm_config.temperature",
    ],
  ])("with %s is refused, and told where", (_what, sent, path) => {
    const refused = expect.objectContaining({ errors: expect.arrayContaining([expect.objectContaining({ path })]) });
    expect(() => fromVendorDefinition(sent)).toThrow(
      expect.objectContaining({ code: "invalid_request", details: refused }),
    );
  });
});
