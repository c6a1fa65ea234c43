/** Cuts a document into passages that are short enough to be compared with a question, and long enough to answer it. */

export type Chunk = {
  /** The headings that it stands under, outermost first: "Prices > Lunch". */
  readonly heading: string;
  readonly text: string;
};

const TARGET_CHARS = 800;
/** Said again at the beginning of the next one, so that no answer is cut in two. */
const OVERLAP_CHARS = 120;

/** @param text plain text, or Markdown: headings begin a new passage */
export function splitText(text: string): Chunk[] {
  return readSections(text).flatMap(({ heading, sentences }) =>
    pack(sentences).map((packed) => ({ heading, text: packed })),
  );
}

type Section = { readonly heading: string; readonly sentences: string[] };

function readSections(text: string): Section[] {
  const sections: Section[] = [];
  const headings: string[] = [];
  let open: Section = { heading: "", sentences: [] };
  const close = () => {
    if (open.sentences.length > 0) sections.push(open);
  };
  for (const line of text.replaceAll("\r\n", "\n").split("\n")) {
    const [, marks, title] = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/.exec(line) ?? [];
    if (marks !== undefined && title !== undefined) {
      close();
      headings.length = marks.length - 1;
      headings[marks.length - 1] = title;
      open = { heading: headings.filter((part) => part !== undefined && part !== "").join(" > "), sentences: [] };
    } else open.sentences.push(...toSentences(line));
  }
  close();
  return sections;
}

/** Ends of sentences, and breaks where there are none for too long. Each ends with the space that belongs behind it. */
function toSentences(line: string): string[] {
  const trimmed = line.trim();
  if (trimmed === "") return [];
  return trimmed
    .split(/(?<=[.!?…]["')\]]?)\s+(?=\S)|(?<=[。！？])/u)
    .flatMap(toShort)
    .map((sentence, index, all) => (index === all.length - 1 ? `${sentence}\n` : `${sentence} `));
}

function toShort(sentence: string): string[] {
  if (sentence.length <= TARGET_CHARS) return [sentence];
  const space = sentence.lastIndexOf(" ", TARGET_CHARS);
  const end = space > TARGET_CHARS / 2 ? space : wholeCharacters(sentence, TARGET_CHARS);
  return [sentence.slice(0, end).trim(), ...toShort(sentence.slice(end).trim())];
}

/** The same place, or one before it where it would cut a character in two. */
function wholeCharacters(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}

function pack(sentences: readonly string[]): string[] {
  const packed: string[] = [];
  let open: string[] = [];
  let chars = 0;
  for (const sentence of sentences) {
    if (chars > 0 && chars + sentence.length > TARGET_CHARS) {
      packed.push(open.join("").trim());
      open = overlapOf(open);
      chars = open.join("").length;
      if (chars + sentence.length > TARGET_CHARS) [open, chars] = [[], 0];
    }
    open.push(sentence);
    chars += sentence.length;
  }
  if (chars > 0) packed.push(open.join("").trim());
  return packed;
}

function overlapOf(sentences: readonly string[]): string[] {
  const kept: string[] = [];
  let chars = 0;
  for (const sentence of sentences.toReversed()) {
    chars += sentence.length;
    if (chars > OVERLAP_CHARS) break;
    kept.unshift(sentence);
  }
  return kept;
}
