/** What is said of each kind, cut where callers pause. */
import type { Random } from "../random.ts";
import type { CorpusKind, CorpusSplit, PlannedPart } from "./corpus-item.ts";
import {
  BACKCHANNELS,
  COMPLETE,
  FIRST_NAMES,
  HESITANT,
  INTERRUPTIONS,
  MAIL_HOSTS,
  NAMES,
  STREETS,
  TOWNS,
} from "./sentences.ts";

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
const DAYS = ["first", "second", "third", "fifth", "ninth", "twelfth", "twentieth", "twenty third", "thirty first"];
const MONTHS = ["January", "March", "April", "June", "August", "October", "December"];
const FILLER = /^(um|uh|let me see|a)$/;

/** A caller who isn't done is silent for so long. */
const LONGEST_PAUSE_MS = 1500;
const SHORTEST_PAUSE_MS = 300;
/** Between letters and groups of digits. */
const LONGEST_LIST_PAUSE_MS = 900;

export function planParts(kind: CorpusKind, split: CorpusSplit, random: Random): readonly PlannedPart[] {
  switch (kind) {
    case "sentence":
      return whole(random.pick(COMPLETE[split]));
    case "hesitation":
      return hesitate(random.pick(HESITANT[split]), random);
    case "number":
      return list(planNumber(random), random);
    case "email":
      return list(planEmail(split, random), random);
    case "spelled-name":
      return list(planSpelledName(split, random), random);
    case "date":
      return list(
        [`On the ${random.pick(DAYS)} of`, random.pick(MONTHS), ...maybe(random, "at four in the afternoon")],
        random,
      );
    case "street":
      return list(planStreet(split, random), random);
    case "backchannel":
      return whole(random.pick(BACKCHANNELS[split]));
    case "interruption":
      return whole(random.pick(INTERRUPTIONS[split]));
    case "noise":
      return [];
  }
}

function planNumber(random: Random): string[] {
  const group = (length: number) => Array.from({ length }, () => random.pick(DIGITS)).join(" ");
  const opening = random.pick(["My number is", "It's", "The order number is"]);
  const groups = random
    .pick([
      [3, 3, 4],
      [3, 4],
      [4, 4],
      [2, 2, 2, 2],
      [4, 4, 4, 4],
    ])
    .map(group);
  return random.chance(0.5) ? [opening, ...groups] : [`${opening} ${groups[0]}`, ...groups.slice(1)];
}

function planEmail(split: CorpusSplit, random: Random): string[] {
  const first = random.pick(FIRST_NAMES[split]);
  const last = random.pick(NAMES[split]);
  return [`It's ${first} dot`, `${last} at`, random.pick(MAIL_HOSTS[split])];
}

function planSpelledName(split: CorpusSplit, random: Random): string[] {
  const name = random.pick(NAMES[split]);
  const letters = [...name.toUpperCase()];
  const size = random.integer(1, 2);
  const groups = Array.from({ length: Math.ceil(letters.length / size) }, (_, i) =>
    letters.slice(i * size, (i + 1) * size).join(" "),
  );
  return [`My name is ${name}`, ...groups];
}

function planStreet(split: CorpusSplit, random: Random): string[] {
  const number = `${random.pick(["twenty", "forty", "sixty"])} ${random.pick(DIGITS.slice(1))}`;
  return [`I live at ${number}`, random.pick(STREETS[split]), ...maybe(random, `in ${random.pick(TOWNS[split])}`)];
}

function maybe(random: Random, text: string): string[] {
  return random.chance(0.5) ? [text] : [];
}

function whole(text: string): PlannedPart[] {
  return [{ text, pauseMs: 0, drawl: 1, isLevel: false }];
}

function hesitate(template: string, random: Random): PlannedPart[] {
  const texts = template.split("|").map((text) => text.trim());
  return texts.map((text, index) => ({
    text,
    pauseMs: index === texts.length - 1 ? 0 : Math.round(random.between(SHORTEST_PAUSE_MS, LONGEST_PAUSE_MS)),
    drawl: drawlOf(text, random, index === texts.length - 1),
    isLevel: random.chance(0.6),
  }));
}

/** Fillers are long, and so is the word before a pause. */
function drawlOf(text: string, random: Random, isLast: boolean): number {
  if (isLast) return 1;
  return FILLER.test(text) ? random.between(1.4, 2) : random.between(1.1, 1.6);
}

function list(texts: readonly string[], random: Random): PlannedPart[] {
  return texts.map((text, index) => {
    const isLast = index === texts.length - 1;
    return {
      text: isLast ? `${text}.` : text,
      pauseMs: isLast ? 0 : Math.round(random.between(SHORTEST_PAUSE_MS, LONGEST_LIST_PAUSE_MS)),
      drawl: isLast ? 1 : random.between(1, 1.3),
      isLevel: false,
    };
  });
}
