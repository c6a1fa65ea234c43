/** By language: what is said when nothing works. */
const PHRASES: Readonly<Record<string, string>> = {
  en: "I'm sorry, something here is out of order. Please call again later. Goodbye.",
  nl: "Het spijt me, er is hier een storing. Belt u later nog eens. Tot ziens.",
  de: "Es tut mir leid, wir haben gerade eine Störung. Bitte rufen Sie später noch einmal an. Auf Wiederhören.",
  fr: "Je suis désolée, nous avons un problème technique. Merci de rappeler plus tard. Au revoir.",
  es: "Lo siento, tenemos un problema técnico. Llame más tarde, por favor. Adiós.",
  it: "Mi dispiace, abbiamo un problema tecnico. Richiami più tardi, per favore. Arrivederci.",
  pt: "Lamento, temos um problema técnico. Por favor, ligue mais tarde. Adeus.",
  pl: "Przepraszam, mamy problem techniczny. Proszę zadzwonić później. Do widzenia.",
  da: "Beklager, vi har en teknisk fejl. Ring venligst igen senere. Farvel.",
  sv: "Jag är ledsen, vi har ett tekniskt fel. Ring gärna igen senare. Hej då.",
  no: "Beklager, vi har en teknisk feil. Ring gjerne igjen senere. Ha det.",
  fi: "Pahoittelen, meillä on tekninen vika. Soittakaa myöhemmin uudelleen. Kuulemiin.",
  tr: "Üzgünüm, teknik bir sorunumuz var. Lütfen daha sonra tekrar arayın. Hoşça kalın.",
  he: "אני מצטערת, יש לנו תקלה טכנית. אנא התקשרו שוב מאוחר יותר. להתראות.",
  ja: "申し訳ございません。ただいま不具合が起きております。後ほどおかけ直しください。失礼いたします。",
  zh: "很抱歉，我们这里出现了技术故障，请稍后再拨。再见。",
};

/** The last words of a call that can't do its work; English in a language for which there are none. `language`: BCP 47. */
export function outOfOrderPhrase(language: string): string {
  return PHRASES[language.toLowerCase().split("-")[0] ?? ""] ?? PHRASES["en"] ?? "";
}
