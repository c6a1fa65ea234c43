/** By language: what is said before a recording that must be agreed to, and before one that need only be known. */
const MESSAGES: Readonly<Record<string, { readonly asked: string; readonly told: string }>> = {
  en: {
    asked: "We would like to record this call. To agree, say yes or press 1.",
    told: "This call is recorded.",
  },
  de: {
    asked: "Wir möchten dieses Gespräch aufzeichnen. Wenn Sie einverstanden sind, sagen Sie Ja oder drücken Sie die 1.",
    told: "Dieses Gespräch wird aufgezeichnet.",
  },
  fr: {
    asked: "Nous aimerions enregistrer cet appel. Si vous êtes d'accord, dites oui ou appuyez sur 1.",
    told: "Cet appel est enregistré.",
  },
  es: {
    asked: "Nos gustaría grabar esta llamada. Si está de acuerdo, diga sí o pulse 1.",
    told: "Esta llamada se graba.",
  },
  it: {
    asked: "Vorremmo registrare questa chiamata. Se è d'accordo, dica sì o prema 1.",
    told: "Questa chiamata viene registrata.",
  },
  pt: {
    asked: "Gostaríamos de gravar esta chamada. Se concordar, diga sim ou prima 1.",
    told: "Esta chamada é gravada.",
  },
  nl: {
    asked: "Wij willen dit gesprek graag opnemen. Als u akkoord gaat, zeg ja of druk op 1.",
    told: "Dit gesprek wordt opgenomen.",
  },
};

/** English in a language for which there is none. `language`: BCP 47. */
export function consentMessage(language: string, kind: "asked" | "told"): string {
  return (MESSAGES[language.toLowerCase().split("-")[0] ?? ""] ?? MESSAGES["en"])?.[kind] ?? "";
}
