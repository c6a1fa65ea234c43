import type { WordTiming } from "@earshot/engine";

/** A sound of the synthesised speech. */
export type Phone = { readonly isPause: boolean; readonly startMs: number; readonly endMs: number };

/** A spoken digit has about as many sounds as a word of four letters. */
const DIGIT_WEIGHT = 4;

/**
 * When each word of `text` (split at white space) is spoken. Pauses inside the speech are matched with punctuation when
 * there is one for each; between them, words share the sounds by their length. Words without letters or digits take no
 * time.
 */
export function timeWords(text: string, phones: readonly Phone[]): readonly WordTiming[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const phrases = toPhrases(words);
  const stretches = toStretches(phones);
  if (phrases.length === stretches.length) {
    return phrases.flatMap((phrase, index) => shareOut(phrase, stretches[index] ?? []));
  }
  return shareOut(words, stretches.flat());
}

/** The same where only the whole span is known. */
export function spreadWords(
  text: string,
  { startMs, endMs }: { startMs: number; endMs: number },
): readonly WordTiming[] {
  return timeWords(text, [{ isPause: false, startMs, endMs }]);
}

function toPhrases(words: readonly string[]): readonly string[][] {
  const phrases: string[][] = [[]];
  for (const word of words) {
    phrases.at(-1)?.push(word);
    if (/[,.;:!?]["')\]]*$/.test(word)) phrases.push([]);
  }
  return phrases.filter((phrase) => phrase.some((word) => weigh(word) > 0));
}

function toStretches(phones: readonly Phone[]): readonly Phone[][] {
  const stretches: Phone[][] = [[]];
  for (const phone of phones) {
    if (phone.isPause) stretches.push([]);
    else stretches.at(-1)?.push(phone);
  }
  return stretches.filter((stretch) => stretch.length > 0);
}

/** Walks through the sounds in proportion to the words' weights. */
function shareOut(words: readonly string[], phones: readonly Phone[]): WordTiming[] {
  const total = words.reduce((sum, word) => sum + weigh(word), 0);
  let done = 0;
  return words.map((text) => {
    const startMs = timeAt(phones, total === 0 ? 0 : done / total);
    done += weigh(text);
    const endMs = timeAt(phones, total === 0 ? 0 : done / total, "end");
    return { text, startMs: Math.round(startMs), endMs: Math.round(Math.max(startMs, endMs)) };
  });
}

/** The time at which `share` of the sounds is over; between two sounds that are apart, the near end or start. */
function timeAt(phones: readonly Phone[], share: number, edge: "start" | "end" = "start"): number {
  const position = share * phones.length;
  const index = edge === "start" ? Math.floor(position + 1e-9) : Math.ceil(position - 1e-9) - 1;
  const phone = phones[Math.max(0, Math.min(phones.length - 1, index))];
  if (phone === undefined) return 0;
  const inside = Math.max(0, Math.min(1, position - index));
  return phone.startMs + inside * (phone.endMs - phone.startMs);
}

function weigh(word: string): number {
  const digits = word.replace(/\D/g, "").length;
  const letters = word.replace(/[^\p{L}]/gu, "").length;
  return letters + DIGIT_WEIGHT * digits;
}
