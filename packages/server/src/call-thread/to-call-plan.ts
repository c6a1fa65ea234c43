import { type CallPlan, DEFAULT_RULES, type Rules, type Scene, type Values } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { LISTEN_FIRST_MS } from "../agents/call-settings.ts";
import { givenValues, toKnown } from "../agents/known-values.ts";
import { fillPlaceholders, type Known } from "../agents/placeholders/fill-placeholders.ts";
import type { Call } from "../calls/call.ts";
import { consentMessage } from "../recordings/consent-message.ts";
import { type Handoffs, toSceneId } from "../tools/handoffs.ts";
import { rememberTool } from "../tools/remember.ts";
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
  const fill = toFill(agent, call);
  const { turnTaking } = agent;
  const toPlanned = (stage: AgentSettings) =>
    toScene(stage, toSystem(stage, call, toKnown(stage, call)), voiceIdOf(stage.voice.id));
  const led = agent.flow && toFlow(agent.flow, { agent, facts: factsOf(agent, call), toScene: toPlanned });
  return {
    rules: {
      ...(agent.mode === "speech-to-speech" ? { isRealtime: true } : {}),
      ...toOpening(agent, call, fill),
      ...toConsent(agent, fill),
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
      ...(agent.endMessage === undefined ? {} : { endMessage: fill(agent.endMessage) }),
      ...(led === undefined ? {} : { flow: led.flow }),
    },
    scenes: {
      ...(led?.scenes ?? { main: toPlanned(agent) }),
      ...Object.fromEntries(Object.entries(handoffs).map(([agentId, other]) => [toSceneId(agentId), toPlanned(other)])),
    },
    language: agent.language,
    keyterms: agent.keyterms,
    transcription: agent.transcription,
    pronunciations: agent.pronunciations,
    isEchoGuarded: turnTaking.isEchoGuarded,
    // A fast call outruns partial words; computing them would only slow it down.
    partialEveryMs: call.pace === "fast" ? 0 : PARTIAL_EVERY_MS,
  };
}

/** Puts what is known when a call begins into a text of its agent; what nobody gave isn't read out in braces. */
export function toFill(agent: AgentSettings, call: Call): (text: string) => string {
  const known = toKnown(agent, call);
  return (text) => fillPlaceholders(text, known, "drop");
}

/** What an agent is in a call, as long as it is in charge. */
function toScene(agent: AgentSettings, system: string, voiceId: string): Scene {
  const { languageModel } = agent.models;
  return {
    system,
    tools: [...toToolDefinitions(agent), ...rememberTool(agent)],
    variables: agent.variables.map(({ description, isRequired, ...variable }) => ({
      ...variable,
      ...(description === undefined ? {} : { description }),
      ...(isRequired === undefined ? {} : { isRequired }),
    })),
    voiceId,
    speed: agent.voice.speed,
    ...(languageModel === undefined ? {} : { languageModel }),
    ...(agent.contextTurns === undefined ? {} : { contextTurns: agent.contextTurns }),
    ...(agent.contextTokens === undefined ? {} : { contextTokens: agent.contextTokens }),
    ...(agent.maxOutputTokens === undefined ? {} : { maxOutputTokens: agent.maxOutputTokens }),
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
function factsOf(agent: AgentSettings, { direction, fromNumber, toNumber, variables }: Call): Values {
  const known = Object.entries({ direction, from: fromNumber, to: toNumber }).filter(
    ([, value]) => typeof value === "string",
  );
  const facts = Object.fromEntries(known.map(([name, value]) => [`call.${name}`, String(value)]));
  return { ...facts, ...givenValues(agent, variables) };
}

/** The agent has called: whoever picks up may be a machine, or have one in front. */
function isPlaced({ isOutbound }: AgentSettings, { direction }: Call): boolean {
  return isOutbound ?? direction === "outbound";
}

function toOpening(
  agent: AgentSettings,
  call: Call,
  fill: (text: string) => string,
): Pick<Rules, "greeting" | "greetingDelayMs" | "screening" | "voicemail"> {
  const greeting = toGreeting(agent, call, fill);
  if (!isPlaced(agent, call)) return { greeting, greetingDelayMs: agent.greetingDelayMs ?? 0 };
  const { identity, purpose } = agent.callScreening;
  const { isDetected, message = "" } = agent.voicemail;
  const screening = {
    ...(identity === undefined ? {} : { identity: fill(identity) }),
    ...(purpose === undefined ? {} : { purpose: fill(purpose) }),
  };
  if (!isDetected) return { greeting, greetingDelayMs: agent.greetingDelayMs ?? 0, screening };
  const voicemail = message.trim() === "" ? {} : { message: fill(message) };
  return { greeting, greetingDelayMs: agent.greetingDelayMs ?? LISTEN_FIRST_MS, screening, voicemail };
}

function toConsent(
  { isRecorded, recordingConsent, language }: AgentSettings,
  fill: (text: string) => string,
): Pick<Rules, "recordingConsent"> {
  const { isAsked, isAgreementNeeded, message = "" } = recordingConsent;
  if (!isRecorded || !isAsked) return {};
  const said = message.trim() === "" ? consentMessage(language, isAgreementNeeded ? "asked" : "told") : fill(message);
  return { recordingConsent: { message: said, isAsked: isAgreementNeeded, key: "1" } };
}

function toGreeting(agent: AgentSettings, call: Call, fill: (text: string) => string): Rules["greeting"] {
  const { greeting, outboundGreeting } = agent;
  if (isPlaced(agent, call) && outboundGreeting !== undefined) return { mode: "static", text: fill(outboundGreeting) };
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

function toSystem(agent: AgentSettings, call: Call, known: Known): string {
  const parts = [fillPlaceholders(agent.prompt, known), SPOKEN];
  if (agent.notes.length > 0)
    parts.push(["# Notes", ...agent.notes.map((note) => `- ${fillPlaceholders(note, known)}`)].join("\n"));
  const given = Object.entries(givenValues(agent, call.variables));
  if (given.length > 0)
    parts.push(["# Known of this call", ...given.map(([name, value]) => `- ${name}: ${value}`)].join("\n"));
  return parts.join("\n\n");
}
