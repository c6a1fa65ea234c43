import type { ToolOutcome } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { succeeded } from "./tool-outcome.ts";

/** The agent's message, or none, and the end of the call. */
export function runVoicemail({ voicemail: { message } }: Pick<AgentSettings, "voicemail">): ToolOutcome {
  const said = message === undefined ? {} : { say: message };
  return { ...succeeded(""), order: { type: "end-call", reason: "voicemail", ...said } };
}
