import type { Rules } from "../rules.ts";

type Sentences = {
  readonly both: (identity: string, purpose: string) => string;
  readonly identity: (identity: string) => string;
  readonly purpose: (purpose: string) => string;
};

const ENGLISH: Sentences = {
  both: (identity, purpose) => `This is ${identity}, calling about ${purpose}.`,
  identity: (identity) => `This is ${identity}.`,
  purpose: (purpose) => `I'm calling about ${purpose}.`,
};

const SENTENCES: Readonly<Record<string, Sentences>> = {
  en: ENGLISH,
  de: {
    both: (identity, purpose) => `Hier ist ${identity}. Es geht um ${purpose}.`,
    identity: (identity) => `Hier ist ${identity}.`,
    purpose: (purpose) => `Es geht um ${purpose}.`,
  },
  fr: {
    both: (identity, purpose) => `Ici ${identity}. J'appelle au sujet de : ${purpose}.`,
    identity: (identity) => `Ici ${identity}.`,
    purpose: (purpose) => `J'appelle au sujet de : ${purpose}.`,
  },
  es: {
    both: (identity, purpose) => `Le habla ${identity}. Llamo por lo siguiente: ${purpose}.`,
    identity: (identity) => `Le habla ${identity}.`,
    purpose: (purpose) => `Llamo por lo siguiente: ${purpose}.`,
  },
  it: {
    both: (identity, purpose) => `Parla ${identity}. Chiamo per quanto segue: ${purpose}.`,
    identity: (identity) => `Parla ${identity}.`,
    purpose: (purpose) => `Chiamo per quanto segue: ${purpose}.`,
  },
  pt: {
    both: (identity, purpose) => `Aqui fala ${identity}. Estou ligando pelo seguinte: ${purpose}.`,
    identity: (identity) => `Aqui fala ${identity}.`,
    purpose: (purpose) => `Estou ligando pelo seguinte: ${purpose}.`,
  },
  nl: {
    both: (identity, purpose) => `U spreekt met ${identity}. Het gaat over ${purpose}.`,
    identity: (identity) => `U spreekt met ${identity}.`,
    purpose: (purpose) => `Het gaat over ${purpose}.`,
  },
};

/** One sentence that says who is calling and why; "" when neither is known. `language`: BCP 47. */
export function introduce({ identity = "", purpose = "" }: NonNullable<Rules["screening"]>, language: string): string {
  const sentences = SENTENCES[language.split("-")[0]?.toLowerCase() ?? ""] ?? ENGLISH;
  const [who, why] = [identity, purpose].map((text) => text.trim().replace(/\.+$/, ""));
  if (who && why) return sentences.both(who, why);
  if (who) return sentences.identity(who);
  return why ? sentences.purpose(why) : "";
}
