/** By language: what is said when a transfer, or keys, came to nothing. */
const PHRASES: Readonly<Record<string, string>> = {
  en: "I'm sorry, that didn't work.",
  nl: "Het spijt me, dat is niet gelukt.",
  de: "Es tut mir leid, das hat nicht geklappt.",
  fr: "Je suis désolée, cela n'a pas fonctionné.",
  es: "Lo siento, no ha funcionado.",
  it: "Mi dispiace, non ha funzionato.",
  pt: "Lamento, não funcionou.",
  pl: "Przepraszam, nie udało się.",
  da: "Beklager, det lykkedes ikke.",
  sv: "Jag är ledsen, det gick inte.",
  no: "Beklager, det gikk ikke.",
  fi: "Pahoittelen, se ei onnistunut.",
  tr: "Üzgünüm, bu olmadı.",
  he: "מצטערת, זה לא הצליח.",
  ja: "申し訳ございません、うまくいきませんでした。",
  zh: "很抱歉，没有成功。",
};

/** English in a language for which there is no phrase. `language`: BCP 47. */
export function politeText(language: string): string {
  return PHRASES[language.toLowerCase().split("-")[0] ?? ""] ?? "I'm sorry, that didn't work.";
}
