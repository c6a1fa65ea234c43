/** What an agent says to somebody who waits: for a model that gives nothing, and for a tool. */

type WaitingWords = {
  /** In a pause of a reply, in turn. Default: `first`. */
  readonly fillers?: readonly string[];
  /** A tool is at work, and after some seconds it still is. */
  readonly first: string;
  readonly again: string;
};

const WORDS: Readonly<Record<string, WaitingWords>> = {
  en: {
    fillers: ["One moment.", "Let me see.", "Just a second."],
    first: "One moment, please.",
    again: "I'm still working on it, thank you for waiting.",
  },
  nl: {
    fillers: ["Een moment.", "Even kijken.", "Momentje."],
    first: "Een ogenblik, alstublieft.",
    again: "Ik ben er nog mee bezig, bedankt voor het wachten.",
  },
  de: {
    fillers: ["Einen Moment bitte.", "Ich schaue kurz nach.", "Moment."],
    first: "Einen Moment, bitte.",
    again: "Ich bin noch dabei, danke für Ihre Geduld.",
  },
  fr: {
    fillers: ["Un instant.", "Je regarde.", "Une seconde."],
    first: "Un instant, s'il vous plaît.",
    again: "Je cherche toujours, merci de patienter.",
  },
  es: {
    fillers: ["Un momento.", "Déjeme ver.", "Un segundo."],
    first: "Un momento, por favor.",
    again: "Sigo en ello, gracias por esperar.",
  },
  it: {
    fillers: ["Un attimo.", "Vediamo.", "Un momento."],
    first: "Un momento, per favore.",
    again: "Ci sto ancora lavorando, grazie per l'attesa.",
  },
  pt: {
    fillers: ["Um momento.", "Deixe-me ver.", "Um segundo."],
    first: "Um momento, por favor.",
    again: "Ainda estou a tratar disso, obrigado por aguardar.",
  },
  pl: {
    first: "Chwileczkę, proszę.",
    again: "Nadal nad tym pracuję, dziękuję za cierpliwość.",
  },
  da: {
    first: "Et øjeblik.",
    again: "Jeg er stadig i gang, tak fordi du venter.",
  },
  sv: {
    first: "Ett ögonblick.",
    again: "Jag håller fortfarande på, tack för att du väntar.",
  },
  no: {
    first: "Et øyeblikk.",
    again: "Jeg holder fortsatt på, takk for at du venter.",
  },
  fi: {
    first: "Hetkinen, olkaa hyvä.",
    again: "Selvitän asiaa yhä, kiitos odotuksesta.",
  },
  tr: {
    first: "Bir dakika lütfen.",
    again: "Hâlâ ilgileniyorum, beklediğiniz için teşekkürler.",
  },
  he: {
    first: "רגע אחד, בבקשה.",
    again: "אני עדיין בודק, תודה על ההמתנה.",
  },
  ja: {
    first: "少々お待ちください。",
    again: "ただいまお調べしております。もう少々お待ちください。",
  },
  zh: {
    first: "请稍等。",
    again: "我还在处理，感谢您的耐心等待。",
  },
};

/** What bridges a pause; nothing in a language for which there are no words. `language`: BCP 47. */
export function findFillers(language: string): readonly string[] {
  const words = find(language);
  return words === undefined ? [] : (words.fillers ?? [words.first]);
}

/**
 * What fills the wait for a tool; nothing in a language for which there are no words.
 * @param language BCP 47
 * @param first instead of the first sentence
 */
export function waitPhrases(language: string, first?: string): readonly string[] {
  const words = find(language);
  return [first ?? words?.first, words?.again].filter((phrase) => phrase !== undefined);
}

function find(language: string): WaitingWords | undefined {
  return WORDS[language.toLowerCase().split("-")[0] ?? ""];
}
