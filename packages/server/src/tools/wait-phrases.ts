/** By language: what is said to a caller who waits for a tool, first and after some seconds more, and when nothing works. */
const PHRASES: Readonly<Record<string, readonly [first: string, again: string, outOfOrder: string]>> = {
  en: [
    "One moment, please.",
    "I'm still working on it, thank you for waiting.",
    "I'm sorry, something here is out of order. Please call again later. Goodbye.",
  ],
  nl: [
    "Een ogenblik, alstublieft.",
    "Ik ben er nog mee bezig, bedankt voor het wachten.",
    "Het spijt me, er is hier een storing. Belt u later nog eens. Tot ziens.",
  ],
  de: [
    "Einen Moment, bitte.",
    "Ich bin noch dabei, danke für Ihre Geduld.",
    "Es tut mir leid, wir haben gerade eine Störung. Bitte rufen Sie später noch einmal an. Auf Wiederhören.",
  ],
  fr: [
    "Un instant, s'il vous plaît.",
    "Je cherche toujours, merci de patienter.",
    "Je suis désolée, nous avons un problème technique. Merci de rappeler plus tard. Au revoir.",
  ],
  es: [
    "Un momento, por favor.",
    "Sigo en ello, gracias por esperar.",
    "Lo siento, tenemos un problema técnico. Llame más tarde, por favor. Adiós.",
  ],
  it: [
    "Un momento, per favore.",
    "Ci sto ancora lavorando, grazie per l'attesa.",
    "Mi dispiace, abbiamo un problema tecnico. Richiami più tardi, per favore. Arrivederci.",
  ],
  pt: [
    "Um momento, por favor.",
    "Ainda estou a tratar disso, obrigado por aguardar.",
    "Lamento, temos um problema técnico. Por favor, ligue mais tarde. Adeus.",
  ],
  pl: [
    "Chwileczkę, proszę.",
    "Nadal nad tym pracuję, dziękuję za cierpliwość.",
    "Przepraszam, mamy problem techniczny. Proszę zadzwonić później. Do widzenia.",
  ],
  da: [
    "Et øjeblik.",
    "Jeg er stadig i gang, tak fordi du venter.",
    "Beklager, vi har en teknisk fejl. Ring venligst igen senere. Farvel.",
  ],
  sv: [
    "Ett ögonblick.",
    "Jag håller fortfarande på, tack för att du väntar.",
    "Jag är ledsen, vi har ett tekniskt fel. Ring gärna igen senare. Hej då.",
  ],
  no: [
    "Et øyeblikk.",
    "Jeg holder fortsatt på, takk for at du venter.",
    "Beklager, vi har en teknisk feil. Ring gjerne igjen senere. Ha det.",
  ],
  fi: [
    "Hetkinen, olkaa hyvä.",
    "Selvitän asiaa yhä, kiitos odotuksesta.",
    "Pahoittelen, meillä on tekninen vika. Soittakaa myöhemmin uudelleen. Kuulemiin.",
  ],
  tr: [
    "Bir dakika lütfen.",
    "Hâlâ ilgileniyorum, beklediğiniz için teşekkürler.",
    "Üzgünüm, teknik bir sorunumuz var. Lütfen daha sonra tekrar arayın. Hoşça kalın.",
  ],
  he: [
    "רגע אחד, בבקשה.",
    "אני עדיין בודק, תודה על ההמתנה.",
    "אני מצטערת, יש לנו תקלה טכנית. אנא התקשרו שוב מאוחר יותר. להתראות.",
  ],
  ja: [
    "少々お待ちください。",
    "ただいまお調べしております。もう少々お待ちください。",
    "申し訳ございません。ただいま不具合が起きております。後ほどおかけ直しください。失礼いたします。",
  ],
  zh: ["请稍等。", "我还在处理，感谢您的耐心等待。", "很抱歉，我们这里出现了技术故障，请稍后再拨。再见。"],
};

/**
 * What fills a wait; nothing in a language for which there are no phrases.
 * @param language BCP 47
 * @param first instead of the first phrase
 */
export function waitPhrases(language: string, first?: string): readonly string[] {
  const [known, again] = PHRASES[toKey(language)] ?? [];
  return [first ?? known, again].filter((phrase) => phrase !== undefined);
}

/** The last words of a call that can't do its work; English in a language for which there are none. */
export function outOfOrderPhrase(language: string): string {
  const [, , phrase] = PHRASES[toKey(language)] ?? [];
  return phrase ?? "I'm sorry, something here is out of order. Please call again later. Goodbye.";
}

function toKey(language: string): string {
  return language.toLowerCase().split("-")[0] ?? "";
}
