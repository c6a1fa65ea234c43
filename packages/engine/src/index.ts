export { type Ambience, openAmbience } from "./audio/ambience/ambience.ts";
export { AMBIENCE_CLIPS, type AmbienceClip } from "./audio/ambience/beds.ts";
export { BeepDetector, type ToneHeard, type ToneKind } from "./audio/beep-detector.ts";
export { ECHO_SHARE, EchoGate } from "./audio/echo/echo-gate.ts";
export * from "./audio/frame.ts";
export { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from "./audio/g711.ts";
export { rmsDbfs, SILENCE_DBFS } from "./audio/level.ts";
export { applyGain, GainRamp, mixInto } from "./audio/mix.ts";
export { type ProsodyFrame, ProsodyTracker, type UtteranceProsody } from "./audio/prosody.ts";
export { COMMON_RATES_HZ, Resampler } from "./audio/resample.ts";
export * from "./audio/two-track-wav.ts";
export { encodeWav, parseWav, toEngineRate, toMono, type Wav } from "./audio/wav.ts";
export { WavError, type WavErrorCode } from "./audio/wav-error.ts";
export * from "./bundle/call-bundle.ts";
export { readBundle } from "./bundle/read-bundle.ts";
export { REMOVED, type ScrubOptions, scrubBundle } from "./bundle/scrub-bundle.ts";
export { writeBundle } from "./bundle/write-bundle.ts";
export * from "./conversation/conversation.ts";
export * from "./conversation/effect.ts";
export { type EndOfTurnRules, STRATEGY_NAMES, type StrategyName } from "./conversation/end-of-turn/judge-turn.ts";
export * from "./conversation/end-reason.ts";
export * from "./conversation/event.ts";
export type { Comparison, Expression, Lookup, Operand } from "./conversation/flow/expression.ts";
export { isTrue } from "./conversation/flow/expression.ts";
export * from "./conversation/flow/flow-rules.ts";
export { ExpressionError, parseExpression } from "./conversation/flow/parse-expression.ts";
export * from "./conversation/message.ts";
export { reduce } from "./conversation/reduce.ts";
export * from "./conversation/rules.ts";
export type { Step } from "./conversation/step.ts";
export type { Summary } from "./conversation/summary.ts";
export type { ToolConduct } from "./conversation/tool-conduct.ts";
export type { ToolOrder } from "./conversation/tool-order.ts";
export type { TransferOrder, TransferOutcome } from "./conversation/transfer-order.ts";
export { countUnits } from "./conversation/unspaced.ts";
export type { Value, Values } from "./conversation/values.ts";
export { waitPhrases } from "./conversation/waiting-words.ts";
export { joinWords } from "./conversation/words.ts";
export { BatchingJournal } from "./journal/batching-journal.ts";
export type { Journal, JournalEntry } from "./journal/journal.ts";
export { type Replay, replayJournal } from "./journal/replay.ts";
export { AmbientLeg } from "./leg/ambient-leg.ts";
export * from "./leg/call-leg.ts";
export * from "./models/denoiser.ts";
export * from "./models/embedder.ts";
export * from "./models/language-model.ts";
export * from "./models/provider-error.ts";
export * from "./models/speech-to-speech.ts";
export * from "./models/speech-to-text.ts";
export * from "./models/text-to-speech.ts";
export * from "./models/voice-activity.ts";
export type { AgentTurn, ReplayTool } from "./replay/call-turns.ts";
export {
  type ComparedCalls,
  type ComparedTurn,
  compareCalls,
  type TurnDifference,
} from "./replay/compare-calls.ts";
export type { AskModel } from "./replay/replay-brain.ts";
export { type ReplayedCall, type ReplayOptions, runReplay } from "./replay/run-replay.ts";
export { type CallPlan, getScene } from "./session/call-plan.ts";
export type { ToolOutcome, ToolRun, ToolRunner } from "./session/calling-tools.ts";
export type { Clock } from "./session/clock.ts";
export { SAVE_VALUES_TOOL } from "./session/extracting.ts";
export { FastClock } from "./session/fast-clock.ts";
export type { Recorder } from "./session/recorder.ts";
export type { Scene, SceneModels } from "./session/scene.ts";
export { Session, type SessionOptions } from "./session/session.ts";
export { SystemClock } from "./session/system-clock.ts";
export type { Pronunciation } from "./speakable/pronunciations.ts";
export {
  joinSpoken,
  joinWritten,
  type SpeakableOptions,
  type SpokenPiece,
  toSpeakable,
} from "./speakable/speakable.ts";
