import { ENGINE_RATE_HZ, encodeWav, SystemClock } from "@earshot/engine";
import type { Agent, Call, Earshot, JournalEntry } from "@earshot/sdk";
import { InvalidArgumentError } from "commander";
import { findAgent } from "../agents/find-agent.ts";
import { type AudioFile, checkWritable, readAudioFile, writeAudioFile } from "../audio-file.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { printNote, printResult } from "../terminal.ts";
import type { CallScript, Outcome } from "./call-script.ts";
import { describeEntry } from "./describe-entry.ts";
import { type PlacedCall, placeCall } from "./place-call.ts";
import { toPlayScript } from "./play-script.ts";
import { toWaterfall } from "./waterfall.ts";

type Wait = "greeting" | "none" | number;

type CallOptions = JsonOption & {
  readonly agent: string;
  readonly wav: readonly string[];
  readonly out?: string;
  readonly fast?: true;
  readonly wait: Wait;
  readonly variable: Readonly<Record<string, string>>;
};

/** What went wrong, for outcomes that make the command fail. */
const COMPLAINTS: Readonly<Record<Outcome, string | undefined>> = {
  answered: undefined,
  "ended-by-agent": undefined,
  "not-answered": "The agent heard the caller but did not answer within 30 seconds. Look at: earshot calls journal",
  "not-heard": "The agent heard no speech in the WAV. Is it silent, too quiet, or only noise? Listen to it.",
  interrupted: "Interrupted: the call was hung up.",
  failed: "The call ended before the agent had answered. Look at: earshot calls journal",
};

export const addCallCommand: AddCommands = (program, { terminal, client, setExitCode }) => {
  program
    .command("call")
    .description("call an agent with WAV files as the caller's voice, and print what was said")
    .requiredOption("--agent <name>", "the agent's name or id")
    .requiredOption(
      "--wav <files...>",
      "what the caller says; of several files each is said after the answer to the last",
    )
    .option("--out <file>", "save the agent's voice as the caller heard it, as long as the call")
    .option("--fast", "faster than real time, in lockstep with the server")
    .option(
      "--wait <when>",
      "speak after the greeting, or after so many ms: greeting, none or a number",
      parseWait,
      "greeting",
    )
    .option("--variable <name=value>", "a variable of the call; may be repeated", parseVariable, {})
    .option(...JSON_OPTION)
    .action(async (options: CallOptions) => {
      const files = await Promise.all(options.wav.map(readAudioFile));
      for (const note of files.flatMap(({ notes }) => notes)) printNote(terminal, note);
      if (options.out !== undefined) await checkWritable(options.out);
      const agent = await findAgent(client, options.agent);
      const show = (line: string) => terminal.isLive && printNote(terminal, line);
      const placed = await place({ client, agent, files, options, interrupted: terminal.listenForInterrupt(), show });
      if (options.out !== undefined) await saveHeard(options.out, placed);
      const call = await readEndedCall(client, placed.id);
      printResult(terminal, options.json, toResult(call, placed, options), () => describe(call, placed));
      const complaint = COMPLAINTS[placed.outcome];
      if (complaint === undefined) return;
      printNote(terminal, `earshot: ${complaint}${complaint.endsWith("journal") ? ` ${placed.id}` : ""}`);
      setExitCode(placed.outcome === "interrupted" ? 130 : 1);
    });
};

async function place(work: {
  client: Earshot;
  agent: Agent;
  files: readonly AudioFile[];
  options: CallOptions;
  interrupted: AbortSignal;
  show: (line: string) => void;
}): Promise<PlacedCall & { readonly id: string }> {
  const { client, agent, files, options, interrupted, show } = work;
  const { id, audioUrl } = await client.calls.create({
    agentId: agent.id,
    type: "web",
    pace: options.fast ? "fast" : "real",
    ...(Object.keys(options.variable).length === 0 ? {} : { variables: options.variable }),
  });
  show(`Calling ${agent.name}: ${id}`);
  const placed = await placeCall({
    audioUrl,
    utterances: files.map(({ samples }) => samples),
    wait: toScriptWait(options.wait, agent),
    clock: new SystemClock(),
    interrupted,
    onEntry: (entry: JournalEntry) => show(describeEntry(entry)),
    onNote: show,
  });
  return { id, ...placed };
}

function toScriptWait(wait: Wait, agent: Agent): CallScript["wait"] {
  if (wait === "greeting") return { for: "greeting", isExpected: agent.greeting.mode !== "off" };
  return { for: "time", ms: wait === "none" ? 0 : wait };
}

async function saveHeard(path: string, { heard }: PlacedCall): Promise<void> {
  await writeAudioFile(path, encodeWav({ samples: heard, sampleRateHz: ENGINE_RATE_HZ }));
}

/** The server writes the last of a call down just after it has closed the connection. */
async function readEndedCall(client: Earshot, callId: string): Promise<Call> {
  for (let tries = 0; ; tries++) {
    const call = await client.calls.get(callId);
    if (call.status === "ended" || tries >= 50) return call;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function toResult(call: Call, placed: PlacedCall, { out }: CallOptions): object {
  const { outcome, durationMs, wallMs } = placed;
  return {
    ...call,
    outcome,
    callerDurationMs: durationMs,
    wallMs: Math.round(wallMs),
    timesRealTime: toTimes(placed),
    ...(out === undefined ? {} : { out }),
  };
}

function describe(call: Call, placed: PlacedCall): string {
  const seconds = (placed.durationMs / 1000).toFixed(1);
  const pace = call.pace === "fast" ? `, at ${toTimes(placed)} times real time` : "";
  const end = `${call.id}  ${seconds} s${pace}, ended: ${call.endReason ?? placed.endReason}`;
  return [toPlayScript(call.transcript), toWaterfall(call.turns), end].filter((part) => part !== "").join("\n\n");
}

function toTimes({ durationMs, wallMs }: PlacedCall): number {
  return Math.round((durationMs / Math.max(wallMs, 1)) * 10) / 10;
}

function parseWait(value: string): Wait {
  if (value === "greeting" || value === "none") return value;
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Give "greeting", "none" or a number of milliseconds.');
  return Number(value);
}

function parseVariable(pair: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const at = pair.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Give it as name=value.");
  return { ...before, [pair.slice(0, at)]: pair.slice(at + 1) };
}
