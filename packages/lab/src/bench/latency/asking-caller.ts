/** A caller at real pace who asks one question after another and waits for each answer to end. */
import { FRAME_MS, FRAME_SAMPLES, type Samples, SystemClock } from "@earshot/engine";
import { CallAudio } from "@earshot/sdk";

/** How long the agent must be silent before the next question. */
const PAUSE_MS = 1_000;
const ANSWER_WITHIN_MS = 15_000;

/** Resolves when the last answer was heard and the call is over. */
export function askAll(audioUrl: string, questions: readonly Samples[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const clock = new SystemClock();
  let stop = () => {};
  let [arrived, played, asked, at, sentFrames, startedMs] = [0, 0, 0, 0, 0, 0];
  let quietSinceMs = 0;
  let hasHeard = false;

  const tick = (nowMs: number) => {
    const isAudible = played < arrived;
    played = Math.min(arrived, played + FRAME_SAMPLES);
    if (isAudible) {
      hasHeard = true;
      quietSinceMs = nowMs;
      if (sentFrames % 5 === 0 || played === arrived) audio.reportPlayed(played);
    }
    const question = questions[asked];
    const isDue = hasHeard && nowMs - quietSinceMs >= PAUSE_MS;
    const isLate = nowMs - quietSinceMs >= ANSWER_WITHIN_MS;
    const frame = new Int16Array(FRAME_SAMPLES);
    if (question !== undefined && (at > 0 || isDue || isLate)) {
      frame.set(question.subarray(at, at + FRAME_SAMPLES));
      at += FRAME_SAMPLES;
      quietSinceMs = nowMs;
      if (at >= question.length) {
        hasHeard = false;
        at = 0;
        asked++;
      }
    } else if (question === undefined && (isDue || isLate)) audio.hangUp();
    audio.send(frame);
    sentFrames++;
  };
  const catchUp = () => {
    const nowMs = clock.nowMs();
    while ((sentFrames + 1) * FRAME_MS <= nowMs - startedMs) tick(startedMs + sentFrames * FRAME_MS);
  };

  const audio = new CallAudio(audioUrl, {
    onOpen: () => {
      startedMs = clock.nowMs();
      quietSinceMs = startedMs;
      stop = clock.every(FRAME_MS, catchUp);
    },
    onAudio: (samples) => {
      arrived += samples.length;
    },
    onClear: () => {
      played = arrived;
      audio.reportPlayed(played);
    },
    onEvent: () => {},
    onClosed: (end) => {
      stop();
      if ("error" in end) reject(end.error);
      else resolve();
    },
  });
  return promise;
}
