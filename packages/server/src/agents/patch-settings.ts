import { mergePatch } from "../merge-patch.ts";
import type { AgentPatch, AgentSettings } from "./agent.ts";

/** Objects that say what they are (a greeting) or hold free keys are replaced as a whole. */
const WHOLE: ReadonlySet<string> = new Set(["greeting", "metadata", "flow", "schema"]);

/** The settings as a JSON Merge Patch (RFC 7396) changes them, not yet checked. */
export function patchSettings(settings: AgentSettings, patch: AgentPatch): Readonly<Record<string, unknown>> {
  return mergePatch(settings, patch, WHOLE);
}
