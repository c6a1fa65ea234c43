import type { ListedModel } from "./models/model.ts";

export type Banner = {
  readonly url: string;
  /** Made at this start, and shown only now. */
  readonly firstApiKey: string | undefined;
  /** Which language model is the default and why. */
  readonly explanation: string;
  readonly models: readonly ListedModel[];
  /** Words and voice are by script. */
  readonly isSpeechScripted: boolean;
  /** Where telephones call, or why they can't. */
  readonly phone: string;
  readonly readyMs: number;
};

/** Tells the person at the terminal where to go and what answers there. */
export function showBanner(banner: Banner): void {
  const named = (kind: ListedModel["kind"]) =>
    banner.models.find((model) => model.kind === kind && model.isDefault)?.name;
  const speech = banner.isSpeechScripted
    ? "by script, for load tests: no caller is understood (EARSHOT_SPEECH)."
    : "built in, runs on this machine.";
  const key = banner.firstApiKey;
  const lines = [
    "",
    `  Earshot is ready at ${banner.url} (after ${(banner.readyMs / 1000).toFixed(1)} s)`,
    ...(key === undefined ? [] : ["", `  Your first API key, shown only now: ${key}`]),
    "",
    `  Language model   ${banner.explanation}`,
    `  Speech to text   ${named("speech-to-text") ?? "none"}: ${speech}`,
    `  Text to speech   ${named("text-to-speech") ?? "none"}: ${speech}`,
    `  Voice activity   ${named("voice-activity") ?? "none"}: built in, runs on this machine.`,
    `  Phone calls      ${banner.phone}`,
    "",
    '  Talk from here   npx earshot say "What are your opening hours?" --out question.wav',
    '                   npx earshot call --agent "Bloom Dental receptionist" --wav question.wav --out answer.wav',
    "",
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
}
