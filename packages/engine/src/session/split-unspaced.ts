import { gapBetween, hasUnspaced } from "../conversation/unspaced.ts";
import type { SpokenPiece } from "../speakable/speakable.ts";

/** Chinese or Japanese, whichever it is: the dictionaries tell by the words. */
const SEGMENTER = new Intl.Segmenter("ja", { granularity: "word" });

/** The words of a piece that is written without spaces, each with the signs behind it; any other piece as it is. */
export function splitUnspaced(piece: SpokenPiece): readonly SpokenPiece[] {
  const { written, spoken } = piece;
  if (written !== spoken || !hasUnspaced(written)) return [piece];
  const words: string[] = [];
  for (const { segment, isWordLike } of SEGMENTER.segment(written)) {
    const last = words.at(-1);
    if (last === undefined || (isWordLike === true && isOwnWord(last, segment))) words.push(segment);
    else words[words.length - 1] = last + segment;
  }
  return words.map((word) => ({ written: word, spoken: word }));
}

/** Only where the two are put together again without a space; what follows an opening bracket stays with it. */
function isOwnWord(last: string, segment: string): boolean {
  return hasUnspaced(segment) && gapBetween(last, segment) === "" && !/[「『（【〈《]$/u.test(last);
}
