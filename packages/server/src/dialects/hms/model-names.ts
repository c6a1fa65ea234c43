/**
 * "provider" and "model" of HMS are one name of ours, "provider/model". Names of this node that no provider of HMS's
 * stands for are shown whole under the provider "earshot".
 */

/** Provider of what only this node knows; its model "default" is whatever the node takes by itself. */
export const NODE = "earshot";
const DEFAULT = "default";

/** undefined: the node's default. */
export function toModelName(provider: string, model: string): string | undefined {
  if (provider !== NODE) return `${provider}/${model}`;
  return model === DEFAULT ? undefined : model;
}

export function fromModelName(
  name: string | undefined,
  providers: readonly string[],
): { readonly provider: string; readonly model: string } {
  if (name === undefined) return { provider: NODE, model: DEFAULT };
  const slash = name.indexOf("/");
  const provider = name.slice(0, Math.max(slash, 0));
  const model = name.slice(slash + 1);
  if (provider === NODE || !providers.includes(provider) || model === "") return { provider: NODE, model: name };
  return { provider, model };
}
