export type WidgetSettings = {
  /** Where Earshot is. */
  readonly server: string;
  readonly publicKey: string;
  /** On the button. */
  readonly label: string;
  readonly theme: "auto" | "light" | "dark";
  readonly position: "right" | "left";
  readonly variables: Readonly<Record<string, string>>;
};

/** What the script's tag says: `data-key` and, where wanted, `data-label`, `data-theme`, `data-position`, `data-variables`. */
export function readWidgetSettings({ src, dataset }: Pick<HTMLScriptElement, "src" | "dataset">): WidgetSettings {
  const publicKey = dataset["key"] ?? "";
  if (publicKey === "") throw new Error('Earshot: the script\'s tag needs data-key="pub_…", a public key.');
  const theme = dataset["theme"];
  return {
    server: dataset["server"] ?? new URL(src).origin,
    publicKey,
    label: dataset["label"] ?? "Talk to us",
    theme: theme === "light" || theme === "dark" ? theme : "auto",
    position: dataset["position"] === "left" ? "left" : "right",
    variables: readVariables(dataset["variables"]),
  };
}

function readVariables(json: string | undefined): Readonly<Record<string, string>> {
  if (json === undefined) return {};
  try {
    const value = JSON.parse(json) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, String(one)]));
  } catch (cause) {
    throw new Error(`Earshot: data-variables is no JSON object: ${json}`, { cause });
  }
}
