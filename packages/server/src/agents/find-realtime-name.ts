import type { AgentSettings } from "./agent.ts";

type Wanted = Pick<NonNullable<AgentSettings["speechToSpeech"]>, "provider" | "model">;

/** What agents call the vendors of realtime models besides their names. */
const VENDORS: Readonly<Record<string, string>> = {
  xai_realtime: "xai",
  openai_live: "openai",
  openai_realtime: "openai",
  google_realtime: "google",
};
/** Names of vendors' models that stand for whatever is their newest. */
const NEWEST = new Set(["grok-realtime-v1", "default"]);

/**
 * The name of the realtime model that is asked for, "<vendor>/<model>": a vendor of which one model is there has others
 * too. Undefined where none of `names`, the models of this node, is of that vendor.
 */
export function findRealtimeName(wanted: Wanted | undefined, names: readonly string[]): string | undefined {
  const { provider, model } = wanted ?? {};
  if (provider === undefined) return model === undefined ? names[0] : findByModel(model, names);
  const vendor = VENDORS[provider] ?? provider;
  const offered = names.find((name) => name.startsWith(`${vendor}/`));
  if (offered === undefined || model === undefined || NEWEST.has(model)) return offered;
  return model.startsWith(`${vendor}/`) ? model : `${vendor}/${model}`;
}

/** "openai/gpt-realtime-mini", or "gpt-realtime" as it stands in the list. */
function findByModel(model: string, names: readonly string[]): string | undefined {
  const isOffered = names.some((name) => model.startsWith(`${name.slice(0, name.indexOf("/"))}/`));
  return isOffered ? model : names.find((name) => name.endsWith(`/${model}`));
}
