import type { CallPlan, Rules, Scene } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { Call } from "../calls/call.ts";
import { type Handoffs, toSceneId } from "../tools/handoffs.ts";
import { toToolDefinitions } from "../tools/to-tool-definitions.ts";
import { toFlow } from "./to-flow.ts";

/** Often enough for captions, seldom enough for the recogniser. */
const PARTIAL_EVERY_MS = 600;

/**
 * What an agent's settings mean for one call. `voiceIdOf` finds the voice that speaks for the one wanted; `briefing` is
 * from whoever transferred the caller here.
 */
export function toCallPlan(
  settings: AgentSettings,
  call: Call,
  voiceIdOf: (wanted: string | undefined) => string,
  { handoffs = {}, briefing }: { readonly handoffs?: Handoffs; readonly briefing?: string } = {},
): CallPlan {
  const agent = { ...settings, notes: withBriefing(settings.notes, briefing) };
  const values = { ...defaultsOf(agent), ...call.variables };
  const fill = (text: string) => fillIn(text, values);
  const { turnTaking } = agent;
  const toPlanned = (stage: AgentSettings) => toScene(stage, values, voiceIdOf(stage.voice.id));
  const led = agent.flow && toFlow(agent.flow, { agent, facts: factsOf(call, values), toScene: toPlanned });
  return {
    rules: {
      greeting: toGreeting(agent, call, fill),
      endOfTurn: { minMs: turnTaking.endOfTurnMinMs, maxMs: turnTaking.endOfTurnMaxMs },
      bargeIn: { isEnabled: turnTaking.bargeIn.isEnabled, minSpeechMs: turnTaking.bargeIn.minSpeechMs },
      silence: toSilence(agent, fill),
      maxDurationMs: agent.maxDurationMs,
      maxDurationGoodbye: fill(agent.maxDurationGoodbye),
      apology: fill(agent.apology),
      ...(agent.endMessage === undefined ? {} : { endMessage: fill(agent.endMessage) }),
      ...(led === undefined ? {} : { flow: led.flow }),
    },
    scenes: {
      ...(led?.scenes ?? { main: toPlanned(agent) }),
      ...Object.fromEntries(
        Object.entries(handoffs).map(([agentId, other]) => [
          toSceneId(agentId),
          toScene(other, { ...defaultsOf(other), ...call.variables }, voiceIdOf(other.voice.id)),
        ]),
      ),
    },
    language: agent.language,
    keyterms: agent.keyterms,
    // A fast call outruns partial words; computing them would only slow it down.
    partialEveryMs: call.pace === "fast" ? 0 : PARTIAL_EVERY_MS,
  };
}

/** Puts what is known when a call begins into a text of its agent. */
export function toFill(agent: AgentSettings, call: Call): (text: string) => string {
  const values = { ...defaultsOf(agent), ...call.variables };
  return (text) => fillIn(text, values);
}

/** What an agent is in a call, as long as it is in charge. */
function toScene(agent: AgentSettings, values: Values, voiceId: string): Scene {
  const { languageModel } = agent.models;
  return {
    system: toSystem(agent, values),
    tools: toToolDefinitions(agent),
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

function withBriefing(notes: readonly string[], briefing: string | undefined): string[] {
  if (briefing === undefined) return [...notes];
  return [...notes, `The caller was transferred to you. Whoever spoke to them before says: ${briefing}`];
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

/** With a limit on the whole silence, as many reminders are left as fit into it. */
function toSilence({ silence }: AgentSettings, fill: (text: string) => string): Rules["silence"] {
  const { remindAfterMs, maxReminders, hangUpAfterMs = Number.POSITIVE_INFINITY } = silence;
  const fitting = Math.max(0, Math.ceil(hangUpAfterMs / remindAfterMs) - 1);
  return {
    remindAfterMs: Math.min(remindAfterMs, hangUpAfterMs),
    maxReminders: Math.min(maxReminders, fitting),
    reminder: fill(silence.reminder),
    goodbye: fill(silence.goodbye),
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
