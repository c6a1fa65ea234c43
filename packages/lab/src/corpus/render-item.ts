/** Makes the sound of a planned item, and knows what is true of it. */
import { type Samples, toMs, toSamples, type WordTiming } from "@earshot/engine";
import { Random, seedFrom } from "../random.ts";
import { SPEECH_DBFS } from "../sound/caller-line.ts";
import { hum } from "../sound/hum.ts";
import { makeSound } from "../sound/made-sounds.ts";
import { joinSamples, toSpeechLevel } from "../sound/samples.ts";
import { changeSpeed } from "../sound/stretch.ts";
import { trimSilence } from "../sound/trim-silence.ts";
import { changeVoice } from "../sound/voice.ts";
import type { CorpusItem, PlannedItem, PlannedPart } from "./corpus-item.ts";
import { cutAtPauses, type SpokenPart, wholePart } from "./cut-at-pauses.ts";

export type SpeakWords = (request: {
  readonly text: string;
  readonly voiceId: string;
  readonly speed: number;
}) => Promise<{ readonly samples: Samples; readonly words: readonly WordTiming[] }>;

/** The end of a part that is drawn out. */
const DRAWN_MS = 180;
const HUM_HZ = { min: 95, max: 220 } as const;

/** @throws Error when the voice says nothing */
export async function renderItem(planned: PlannedItem, speak: SpeakWords): Promise<CorpusItem> {
  if (planned.sound !== undefined) return renderSound(planned);
  const { voice, parts } = planned;
  const say = (text: string) => speak({ text, voiceId: voice.voiceId, speed: askedSpeed(voice) });
  const inOneBreath = cutAtPauses(await say(toText(parts, ",")), parts);
  // Where the voice ran words together, each part is said by itself.
  const cut = inOneBreath ?? (await Promise.all(parts.map(async (part) => wholePart(await say(part.text)))));
  const said = cut.map((part, index) => shape(part, parts[index], voice.pitch));
  if (said.some(({ samples }) => samples.length === 0))
    throw new Error(`The voice left something out of ${planned.id}.`);
  return assemble(planned, toLength(said, planned.targetMs));
}

/** Resampling will make it shorter or longer: the voice speaks so that it comes out right. */
function askedSpeed({ speed, pitch }: PlannedItem["voice"]): number {
  return Math.min(2, Math.max(0.5, speed / pitch));
}

/** The whole as it is spoken at once: a comma where a pause is to be and the voice may fall. */
export function toText(parts: readonly PlannedPart[], comma: "," | ""): string {
  return parts.map(({ text, isLevel, pauseMs }) => (pauseMs > 0 && !isLevel ? `${text}${comma}` : text)).join(" ");
}

function shape(part: SpokenPart, planned: PlannedPart | undefined, pitch: number): SpokenPart {
  const drawn = drawOut(part, planned?.drawl ?? 1);
  const samples = changeVoice(drawn.samples, { pitch, speed: pitch });
  return scale({ ...drawn, samples }, samples.length / Math.max(1, drawn.samples.length));
}

function drawOut(part: SpokenPart, drawl: number): SpokenPart {
  const at = part.samples.length - toSamples(DRAWN_MS);
  if (drawl === 1 || at <= 0) return part;
  const tail = changeSpeed(part.samples.slice(at), 1 / drawl);
  const samples = joinSamples([part.samples.slice(0, at), tail]);
  const grown = samples.length - part.samples.length;
  const words = part.words.map((word) => (word.toSample > at ? { ...word, toSample: word.toSample + grown } : word));
  return { samples, words };
}

/** Brings what must have a length to that length. */
function toLength(parts: readonly SpokenPart[], targetMs: number | undefined): readonly SpokenPart[] {
  const [part] = parts;
  if (targetMs === undefined || part === undefined) return parts;
  const factor = Math.min(2.5, Math.max(0.4, toMs(part.samples.length) / targetMs));
  const samples = changeSpeed(part.samples, factor);
  return [scale({ ...part, samples }, samples.length / part.samples.length)];
}

function scale(part: SpokenPart, factor: number): SpokenPart {
  const words = part.words.map(({ text, fromSample, toSample }) => ({
    text,
    fromSample: Math.round(fromSample * factor),
    toSample: Math.min(part.samples.length, Math.round(toSample * factor)),
  }));
  return { ...part, words };
}

function assemble(planned: PlannedItem, parts: readonly SpokenPart[]): CorpusItem {
  const pieces: Samples[] = [];
  const pauses: { fromSample: number; toSample: number }[] = [];
  const words: CorpusItem["words"][number][] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    for (const word of part.words)
      words.push({ text: word.text, fromSample: at + word.fromSample, toSample: at + word.toSample });
    pieces.push(part.samples);
    at += part.samples.length;
    const silence = new Int16Array(toSamples(planned.parts[index]?.pauseMs ?? 0));
    if (silence.length === 0) continue;
    pieces.push(silence);
    pauses.push({ fromSample: at, toSample: at + silence.length });
    at += silence.length;
  }
  const samples = toSpeechLevel(joinSamples(pieces), SPEECH_DBFS);
  const isTurn = planned.kind !== "backchannel";
  return {
    ...planned,
    text: toText(planned.parts, ""),
    samples,
    onsetSample: 0,
    endSample: samples.length,
    pauses,
    words,
    turnEndSample: isTurn ? samples.length : undefined,
  };
}

function renderSound(planned: PlannedItem): CorpusItem {
  const random = new Random(seedFrom(planned.seed, "sound"));
  const { sound = "cough" } = planned;
  const made = sound === "hum" ? hum(random, random.between(HUM_HZ.min, HUM_HZ.max)) : makeSound(sound, random);
  const samples = trimSilence(toSpeechLevel(made, SPEECH_DBFS));
  return {
    ...planned,
    text: sound === "hum" ? "mm-hmm" : "",
    samples,
    onsetSample: 0,
    endSample: samples.length,
    pauses: [],
    words: [],
    turnEndSample: undefined,
  };
}
