import type { DialectApp, DialectDeps } from "../kit/open-dialect.ts";

/** GET /voices: those of this node, for `tts_config` with the provider "local". */
export function addVoices(app: DialectApp, { listVoices }: Pick<DialectDeps, "listVoices">): void {
  app.get("/api/v1/voices", (c) => {
    const voices = listVoices().map(({ id, name, language, description }) => ({
      id,
      name,
      language: language.split("-", 1)[0] ?? language,
      description: { en: description ?? name, nl: description ?? name },
    }));
    return c.json({ voices });
  });
}
