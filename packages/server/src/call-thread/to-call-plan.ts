import { type CallPlan, DEFAULT_RULES, type Rules, type Scene, type ToolDefinition } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import type { Call } from "../calls/call.ts";
import { toFlow } from "./to-flow.ts";

/** Often enough for captions, seldom enough for the recogniser. */
const PARTIAL_EVERY_MS = 600;

/** What an agent's settings mean for one call. `voiceIdOf` finds the voice that speaks for the one wanted. */
export function toCallPlan(
  agent: AgentSettings,
  call: Call,
  voiceIdOf: (wanted: string | undefined) => string,
): CallPlan {
  const values = { ...defaultsOf(agent), ...call.variables };
  const fill = (text: string) => fillIn(text, values);
  const { turnTaking } = agent;
  const toPlanned = (settings: AgentSettings) => toScene(settings, values, voiceIdOf(settings.voice.id));
  const led = agent.flow && toFlow(agent.flow, { agent, facts: factsOf(call, values), toScene: toPlanned });
  return {
    rules: {
      greeting: toGreeting(agent, call, fill),
      language: agent.language,
      endOfTurn: toEndOfTurn(agent),
      bargeIn: toBargeIn(turnTaking),
      backchannel: turnTaking.backchannel,
      silence: toSilence(agent, fill),
      maxDurationMs: agent.maxDurationMs,
      maxDurationGoodbye: fill(agent.maxDurationGoodbye),
      ...toWarning(agent, fill),
      fillPauseAfterMs: turnTaking.fillPauseAfterMs,
      failureGoodbye: fill(agent.failureGoodbye),
      apology: fill(agent.apology),
      ...(led === undefined ? {} : { flow: led.flow }),
    },
    scenes: led?.scenes ?? { main: toPlanned(agent) },
    language: agent.language,
    keyterms: agent.keyterms,
    // A fast call outruns partial words; computing them would only slow it down.
    partialEveryMs: call.pace === "fast" ? 0 : PARTIAL_EVERY_MS,
  };
}

/** What an agent is in a call, as long as it is in charge. */
function toScene(agent: AgentSettings, values: Values, voiceId: string): Scene {
  const { languageModel } = agent.models;
  return {
    system: toSystem(agent, values),
    tools: agent.tools.flatMap(toToolDefinition),
    variables: agent.variables.map(({ description, isRequired, ...variable }) => ({
      ...variable,
      ...(description === undefined ? {} : { description }),
      ...(isRequired === undefined ? {} : { isRequired }),
    })),
    voiceId,
    speed: agent.voice.speed,
    ...(languageModel === undefined ? {} : { languageModel }),
    ...(agent.contextTurns === undefined ? {} : { contextTurns: agent.contextTurns }),
    ...(agent.temperature === undefined ? {} : { temperature: agent.temperature }),
  };
}

const SPOKEN = [
  "# How to speak",
  "This is a phone call: your words are spoken aloud, and the caller's words come from a speech recogniser.",
  "Answer in one to three short sentences of plain text, without lists, markup or emoji.",
].join("\n");

/** What conditions and lines of a flow may name. */
function factsOf({ direction, fromNumber, toNumber }: Call, values: Values): Values {
  const known = Object.entries({ direction, from: fromNumber, to: toNumber }).filter(
    ([, value]) => typeof value === "string",
  );
  return { ...Object.fromEntries(known.map(([name, value]) => [`call.${name}`, String(value)])), ...values };
}

type Values = Readonly<Record<string, string>>;

function defaultsOf({ inputs }: AgentSettings): Values {
  return Object.fromEntries(inputs.flatMap(({ name, default: value }) => (value === undefined ? [] : [[name, value]])));
}

function toGreeting(agent: AgentSettings, call: Call, fill: (text: string) => string): Rules["greeting"] {
  const { greeting, outboundGreeting } = agent;
  if (call.direction === "outbound" && outboundGreeting !== undefined)
    return { mode: "static", text: fill(outboundGreeting) };
  const firstLine = agent.flow?.nodes.find(({ id }) => id === agent.flow?.entryNode)?.firstLine ?? "";
  if (firstLine !== "") return { mode: "static", text: fill(firstLine) };
  return greeting.mode === "static" ? { mode: "static", text: fill(greeting.text) } : greeting;
}

/** A customer's own server is asked once a turn, when the turn is over. */
function toEndOfTurn({ turnTaking, mode }: AgentSettings): Rules["endOfTurn"] {
  const { endOfTurnMinMs, endOfTurnMaxMs, eagerness, detectors, isPreemptive } = turnTaking;
  return {
    minMs: endOfTurnMinMs,
    maxMs: endOfTurnMaxMs,
    eagerness,
    strategies: detectors,
    isPreemptive: isPreemptive && mode !== "webhook",
  };
}

/** An agent that stops at the first sound doesn't wait to learn what it was. */
function toBargeIn({ bargeIn, falseInterruptionMs }: AgentSettings["turnTaking"]): Rules["bargeIn"] {
  const { maxUndecidedMs, falseInterruptionMs: usual } = DEFAULT_RULES.bargeIn;
  return {
    ...bargeIn,
    maxUndecidedMs: bargeIn.minSpeechMs === 0 ? 0 : maxUndecidedMs,
    falseInterruptionMs: falseInterruptionMs ?? usual,
  };
}

function toWarning(
  { maxDurationWarning }: AgentSettings,
  fill: (text: string) => string,
): Pick<Rules, "maxDurationWarning"> {
  if (maxDurationWarning === undefined) return {};
  return { maxDurationWarning: { ...maxDurationWarning, text: fill(maxDurationWarning.text) } };
}

/** With a limit on the whole silence, as many reminders are left as fit into it. */
function toSilence({ silence }: AgentSettings, fill: (text: string) => string): Rules["silence"] {
  const { remindAfterMs, maxReminders, holdMs, isAutonomous, hangUpAfterMs = Number.POSITIVE_INFINITY } = silence;
  const fitting = Math.max(0, Math.ceil(hangUpAfterMs / remindAfterMs) - 1);
  return {
    remindAfterMs: Math.min(remindAfterMs, hangUpAfterMs),
    maxReminders: Math.min(maxReminders, fitting),
    reminder: fill(silence.reminder),
    goodbye: fill(silence.goodbye),
    holdMs,
    isAutonomous,
  };
}

function toSystem(agent: AgentSettings, values: Values): string {
  const parts = [fillIn(agent.prompt, values), SPOKEN];
  if (agent.notes.length > 0)
    parts.push(["# Notes", ...agent.notes.map((note) => `- ${fillIn(note, values)}`)].join("\n"));
  const known = Object.entries(values);
  if (known.length > 0)
    parts.push(["# Known of this call", ...known.map(([name, value]) => `- ${name}: ${value}`)].join("\n"));
  return parts.join("\n\n");
}

/** Replaces {{name}} by the call's value; a name without a value stays as it is. */
function fillIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
}

/** Tools that can't run yet aren't shown to the model: it would promise what nobody does. */
function toToolDefinition(tool: AgentTool): ToolDefinition[] {
  if (tool.kind === "mcp" || tool.kind === "transfer") return [];
  const { name, description, phrases } = tool;
  const parameters = tool.kind === "webhook" ? tool.parameters : { type: "object", properties: {} };
  return [{ name, description, parameters, phrases }];
}
