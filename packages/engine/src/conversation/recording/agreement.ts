/** Whether somebody who was asked for their consent has given it. Doubtful words are no consent. */

import { plainWords } from "../words.ts";

type Answers = { readonly yes: ReadonlySet<string>; readonly no: ReadonlySet<string> };

const ANSWERS: Readonly<Record<string, Answers>> = {
  en: answers(
    "yes yeah yep yup sure okay ok agree agreed accept absolutely certainly",
    "no nope not don't never disagree refuse decline",
  ),
  de: answers("ja jawohl okay ok einverstanden klar gerne natürlich", "nein nicht kein keine nie"),
  fr: answers("oui ouais ok d'accord volontiers accepte", "non pas jamais refuse"),
  es: answers("sí si claro vale ok acepto acuerdo", "no nunca tampoco"),
  it: answers("sì si certo ok accetto d'accordo", "no non mai"),
  pt: answers("sim claro ok aceito concordo", "não nao nunca"),
  nl: answers("ja jawel oké ok akkoord prima", "nee niet geen nooit"),
};
/** Whoever says more than this says something else. */
const LONGEST_ANSWER_WORDS = 8;

/** Undefined: the words are no answer. `language`: BCP 47; others are taken for English. */
export function findAgreement(text: string, language: string): "yes" | "no" | undefined {
  const said = plainWords(text);
  if (said.length > LONGEST_ANSWER_WORDS) return undefined;
  const { yes, no } = ANSWERS[language.split("-")[0]?.toLowerCase() ?? ""] ?? (ANSWERS["en"] as Answers);
  if (said.some((word) => no.has(word))) return "no";
  return said.some((word) => yes.has(word)) ? "yes" : undefined;
}

function answers(yes: string, no: string): Answers {
  return { yes: new Set(yes.split(" ")), no: new Set(no.split(" ")) };
}
