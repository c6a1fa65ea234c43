import type { CallPlan, ToolDefinition } from "@earshot/engine";
import type { NewAgent } from "../agents/agent.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { Call } from "../calls/call.ts";

/** Often enough for captions, seldom enough for the recogniser. */
const PARTIAL_EVERY_MS = 600;

/** What an agent's settings mean for one call. */
export function toCallPlan(agent: NewAgent, call: Call, defaultVoiceId: string): CallPlan {
  const fill = (text: string) => fillIn(text, call.variables);
  const { greeting, turnTaking, silence } = agent;
  return {
    rules: {
      greeting: greeting.mode === "static" ? { mode: "static", text: fill(greeting.text) } : greeting,
      endOfTurn: { minMs: turnTaking.endOfTurnMinMs, maxMs: turnTaking.endOfTurnMaxMs },
      bargeIn: turnTaking.bargeIn,
      silence: { ...silence, reminder: fill(silence.reminder), goodbye: fill(silence.goodbye) },
      maxDurationMs: agent.maxDurationMs,
      maxDurationGoodbye: fill(agent.maxDurationGoodbye),
      apology: fill(agent.apology),
    },
    system: toSystem(agent, call),
    tools: agent.tools.map(toToolDefinition),
    variables: agent.variables.map(({ description, isRequired, ...variable }) => ({
      ...variable,
      ...(description === undefined ? {} : { description }),
      ...(isRequired === undefined ? {} : { isRequired }),
    })),
    voiceId: agent.voice.id ?? defaultVoiceId,
    speed: agent.voice.speed,
    language: agent.language,
    keyterms: agent.keyterms,
    ...(agent.temperature === undefined ? {} : { temperature: agent.temperature }),
    // A fast call outruns partial words; computing them would only slow it down.
    partialEveryMs: call.pace === "fast" ? 0 : PARTIAL_EVERY_MS,
  };
}

const SPOKEN = [
  "# How to speak",
  "This is a phone call: your words are spoken aloud, and the caller's words come from a speech recogniser.",
  "Answer in one to three short sentences of plain text, without lists, markup or emoji.",
].join("\n");

function toSystem(agent: NewAgent, call: Call): string {
  const parts = [fillIn(agent.prompt, call.variables), SPOKEN];
  if (agent.notes.length > 0)
    parts.push(["# Notes", ...agent.notes.map((note) => `- ${fillIn(note, call.variables)}`)].join("\n"));
  const known = Object.entries(call.variables);
  if (known.length > 0)
    parts.push(["# Known of this call", ...known.map(([name, value]) => `- ${name}: ${value}`)].join("\n"));
  return parts.join("\n\n");
}

/** Replaces {{name}} by the call's value; a name without a value stays as it is. */
function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
}

function toToolDefinition(tool: AgentTool): ToolDefinition {
  const { name, description, phrases } = tool;
  const parameters = tool.kind === "webhook" ? tool.parameters : { type: "object", properties: {} };
  return { name, description, parameters, phrases };
}
