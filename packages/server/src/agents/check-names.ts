import { AppError } from "../app-error.ts";
import type { AgentPatch } from "./agent.ts";
import type { KnownNames } from "./find-warnings.ts";

/**
 * Refuses voices and models that this node hasn't. What was stored once is kept when its voice or model goes away: calls
 * fall back to the default, and the agent carries a warning.
 * @throws AppError `unknown_voice` or `unknown_model`
 */
export function checkNames({ voice, models }: Pick<AgentPatch, "voice" | "models">, knows: KnownNames): void {
  const voiceId = voice?.id;
  if (typeof voiceId === "string" && !knows.voice(voiceId))
    throw new AppError("unknown_voice", `voice.id: there is no voice "${voiceId}"; GET /v1/voices lists them`, {
      details: { errors: [{ path: "voice.id", message: "is not a voice of this node" }] },
    });
  for (const [kind, name] of Object.entries(models ?? {}))
    if (typeof name === "string" && !knows.model(name))
      throw new AppError("unknown_model", `models.${kind}: there is no model "${name}"; GET /v1/models lists them`, {
        details: { errors: [{ path: `models.${kind}`, message: "is not a model of this node" }] },
      });
}
