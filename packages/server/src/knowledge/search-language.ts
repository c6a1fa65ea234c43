/** What Postgres calls the rules by which it takes words to their stems. */
const CONFIGURATIONS: Readonly<Record<string, string>> = {
  ar: "arabic",
  da: "danish",
  de: "german",
  en: "english",
  es: "spanish",
  fi: "finnish",
  fr: "french",
  hu: "hungarian",
  it: "italian",
  nl: "dutch",
  no: "norwegian",
  nb: "norwegian",
  pt: "portuguese",
  ro: "romanian",
  ru: "russian",
  sv: "swedish",
  tr: "turkish",
};

/** Words as they are written where the language has no stems of its own here. @param language BCP 47 */
export function searchConfiguration(language: string): string {
  return CONFIGURATIONS[primary(language)] ?? "simple";
}

/** Whether the sentence encoder knows it. */
export function isEmbeddable(language: string): boolean {
  return primary(language) === "en";
}

function primary(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "";
}
