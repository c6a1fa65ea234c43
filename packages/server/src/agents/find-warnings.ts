import { whyNotInText } from "../tools/text-tools.ts";
import { findUnreachable } from "../workflows/find-flaws.ts";
import type { AgentSettings, AgentWarning } from "./agent.ts";
import { findStageWarnings } from "./find-stage-warnings.ts";
import { findPlaceholderProblems, type PlaceholderProblem } from "./known-values.ts";
import type { StoredAgent } from "./stored-agent.ts";

const MAX_PLACEHOLDER_WARNINGS = 50;
/** As `models.fallbackLanguageModel`. */
const NO_FALLBACK = "none";

/** Voices and models that this node has. */
export type KnownNames = {
  readonly voice: (id: string) => boolean;
  readonly model: (name: string) => boolean;
  readonly realtime: (wanted: AgentSettings["speechToSpeech"]) => boolean;
};

/** An agent as our API shows it. */
export function toPublicAgent({ agent, numbers }: StoredAgent, knows: KnownNames) {
  return { ...agent, phoneNumbers: [...numbers], warnings: findWarnings(agent, knows) };
}

/** Which of an agent's settings have no effect yet. Nothing that is set is lost: it takes effect once it can. */
function findWarnings(agent: AgentSettings, knows: KnownNames): AgentWarning[] {
  const warnings: AgentWarning[] = [];
  const warn = (isSet: boolean, field: string, what: string) => {
    if (isSet) warnings.push({ code: "not_honoured", field, message: `${what}; the setting is kept.` });
  };
  const { voice } = agent;
  warn(
    agent.mode === "speech-to-speech" && !knows.realtime(agent.speechToSpeech),
    "speechToSpeech",
    "There is no such realtime model here: the pipeline answers",
  );
  warn(agent.mode === "webhook" && agent.webhook === undefined, "webhook", "There is no webhook: our models answer");
  warn(agent.modelTier !== "balanced", "modelTier", "The node's default language model answers in every tier");
  warn(agent.language === "multi", "language", "Languages aren't told apart yet: the recogniser's own is taken");
  warn(
    [voice.stability, voice.similarityBoost, voice.style, voice.useSpeakerBoost].some((value) => value !== undefined),
    "voice",
    "Built-in voices can't be tuned beyond their speed",
  );
  warn(agent.isPrivate, "isPrivate", "Recordings and transcripts are kept");
  warn(agent.analysis?.isEnabled === true && agent.analysis.schema !== undefined, "analysis", "Calls aren't analysed");
  warn(agent.notificationEmails.length > 0, "notificationEmails", "No e-mails are sent yet");
  warnings.push(...findTextWarnings(agent));
  warnings.push(...findPlaceholderProblems(agent).slice(0, MAX_PLACEHOLDER_WARNINGS).map(toWarning));
  if (voice.id !== undefined && !knows.voice(voice.id))
    warnings.push({
      code: "unknown_voice",
      field: "voice.id",
      message: `There is no voice "${voice.id}" here: the default voice speaks.`,
    });
  for (const [kind, name] of Object.entries(agent.models))
    if (name !== undefined && name !== NO_FALLBACK && !knows.model(name))
      warnings.push({
        code: "unknown_model",
        field: `models.${kind}`,
        message: `There is no model "${name}" here: the default one is used.`,
      });
  warnings.push(...findStageWarnings(agent.flow));
  for (const nodeId of agent.flow === undefined ? [] : findUnreachable(agent.flow))
    warnings.push({
      code: "unreachable_node",
      field: "flow",
      message: `No edge leads to the node "${nodeId}": no call comes to it.`,
    });
  return warnings;
}

/** Of agents that answer texts: tools that do nothing there. */
function findTextWarnings(agent: AgentSettings): AgentWarning[] {
  if (!agent.messaging.isEnabled || agent.mode === "webhook") return [];
  return agent.tools.flatMap((tool, index) => {
    const why = whyNotInText(tool, agent);
    if (why === undefined) return [];
    const message = `The tool "${tool.name}" ${why}: in text messages it isn't offered.`;
    return [{ code: "not_honoured", field: `tools.${index}`, message }];
  });
}

function toWarning({ field, kind, name }: PlaceholderProblem): AgentWarning {
  const message =
    kind === "unknown_filter"
      ? `There is no filter "${name}": the value is taken as it is.`
      : `{{${name}}} is no input of the agent and not built in: it is filled only in calls that bring it.`;
  return { code: kind, field, message };
}
