/** When the voice activity model would take the caller's side for speech, with and without the echo gate. */
import {
  ECHO_SHARE,
  EchoGate,
  FRAME_MS,
  FRAME_SAMPLES,
  type Samples,
  toMs,
  VOICE_ACTIVITY_WINDOW_SAMPLES,
} from "@earshot/engine";
import { findPackageFile } from "../package-file.ts";
import { makeSileroMemory, Silero } from "../voice-activity/silero.ts";

const SPEECH_ABOVE = 0.5;
const SILENCE_BELOW = 0.35;
/** Two windows begin speech, seven end it, as in a call. */
const START_WINDOWS = 2;
const END_WINDOWS = 7;

type Window = { readonly probability: number; readonly echoShare: number; readonly endMs: number };
export type Starts = { readonly plainMs: readonly number[]; readonly gatedMs: readonly number[] };

let loading: Promise<Silero> | undefined;

/** `agent` is played from the first sample of `side` on. */
export async function findStarts(agent: Samples, side: Samples): Promise<Starts> {
  const windows = await listen(agent, side);
  return {
    plainMs: startsOf(windows.map((window) => ({ ...window, echoShare: 0 }))),
    gatedMs: startsOf(windows),
  };
}

async function listen(agent: Samples, side: Samples): Promise<readonly Window[]> {
  loading ??= Silero.load(findPackageFile("@ricky0123/vad-web", "dist/silero_vad_v5.onnx"));
  const silero = await loading;
  const memory = makeSileroMemory();
  const shares = sharesOf(agent, side);
  const windows: Window[] = [];
  for (let at = 0; at + VOICE_ACTIVITY_WINDOW_SAMPLES <= side.length; at += VOICE_ACTIVITY_WINDOW_SAMPLES) {
    const end = at + VOICE_ACTIVITY_WINDOW_SAMPLES;
    const [probability = 0] = await silero.score([{ memory, samples: side.slice(at, end) }]);
    const echoShare = shares[Math.ceil(end / FRAME_SAMPLES) - 1] ?? 0;
    windows.push({ probability, echoShare, endMs: toMs(end) });
  }
  return windows;
}

function sharesOf(agent: Samples, side: Samples): readonly number[] {
  const gate = new EchoGate();
  const shares: number[] = [];
  for (let at = 0; at + FRAME_SAMPLES <= side.length; at += FRAME_SAMPLES) {
    if (at + FRAME_SAMPLES <= agent.length) gate.play(agent.subarray(at, at + FRAME_SAMPLES), toMs(at));
    shares.push(gate.hear(side.subarray(at, at + FRAME_SAMPLES), toMs(at) + FRAME_MS));
  }
  return shares;
}

function startsOf(windows: readonly Window[]): readonly number[] {
  const startsMs: number[] = [];
  let isSpeech = false;
  let count = 0;
  for (const { probability, echoShare, endMs } of windows) {
    const counted = echoShare > ECHO_SHARE ? 0 : probability;
    const isTurn = isSpeech ? counted < SILENCE_BELOW : counted >= SPEECH_ABOVE;
    count = isTurn ? count + 1 : 0;
    if (count < (isSpeech ? END_WINDOWS : START_WINDOWS)) continue;
    isSpeech = !isSpeech;
    count = 0;
    if (isSpeech) startsMs.push(endMs);
  }
  return startsMs;
}
