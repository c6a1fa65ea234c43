/** From the caller's last sample to the agent's first: a real server, its own speech models, the built-in receptionist. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseWav, type Samples, toEngineRate, toMs } from "@earshot/engine";
import type { Call, Earshot } from "@earshot/sdk";
import { startChildServer } from "../server/child-server.ts";
import { median, percentile } from "../statistics.ts";
import { printTable } from "../table.ts";
import { askAll } from "./asking-caller.ts";

const AGENT = "Bloom Dental receptionist";
/** Some three seconds each; the voice is not the agent's own. */
const QUESTIONS = [
  "Hello, could you please tell me what your opening hours are on Saturdays?",
  "I would also like to know how much a cleaning costs at your practice.",
  "And could you tell me whether there is any parking near your practice?",
  "Which dental insurances do you accept, and should I bring my card?",
];
const VOICE = "flite:slt";
/** The shortest wait after the last sample that the agent's own settings allow. */
const END_OF_TURN_MS = 500;
const SETTLE_MS = 3_000;

type Turn = Call["turns"][number];
type Question = { readonly wav: Uint8Array<ArrayBuffer>; readonly samples: Samples };

export async function benchLatency({ isQuick }: { isQuick: boolean }): Promise<{ medianMs: number }> {
  console.log("## Answer time: last sample of the caller to first sample of the agent, one call, real pace\n");
  const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  const server = await startChildServer(directory).catch(async (error: unknown) => {
    await rm(directory, { recursive: true, force: true });
    throw error;
  });
  try {
    await wait(SETTLE_MS);
    const { client } = server;
    const questions = await Promise.all(QUESTIONS.map((text) => speak(client, text)));
    const modelsMs = await measureModelsAlone(client, questions);
    const turns: Turn[] = [];
    for (let round = 0; round < (isQuick ? 1 : 3); round++) turns.push(...(await placeCall(client, questions, round)));
    return report(turns, questions, modelsMs);
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function speak(client: Earshot, text: string): Promise<Question> {
  const wav = await client.speech.create({ text, voiceId: VOICE });
  return { wav, samples: toEngineRate(parseWav(wav)) };
}

/** Recognising the question and speaking an answer's first sentence, each by itself on the idle server. */
async function measureModelsAlone(client: Earshot, questions: readonly Question[]): Promise<number> {
  const tookMs: number[] = [];
  for (const [index, { wav }] of questions.entries()) {
    const { modelMs } = await client.transcriptions.create(wav);
    const startedMs = performance.now();
    await client.speech.create({
      text: "A cleaning costs eighty dollars and takes forty minutes.",
      speed: unheardSpeed(index),
    });
    tookMs.push(modelMs + performance.now() - startedMs);
  }
  return median(tookMs);
}

/** What a voice has said twice is not made a third time: each round has a pace of its own. */
function unheardSpeed(round: number): number {
  return 1 + round / 50;
}

async function placeCall(client: Earshot, questions: readonly Question[], round: number): Promise<readonly Turn[]> {
  const [agent] = (await client.agents.list({ name: AGENT })).data;
  if (agent === undefined) throw new Error(`The server has no agent "${AGENT}".`);
  const overrides = { voice: { speed: unheardSpeed(round) } };
  const call = await client.calls.create({ agentId: agent.id, type: "web", pace: "real", overrides });
  await askAll(
    call.audioUrl,
    questions.map(({ samples }) => samples),
  );
  const { turns } = await readEnded(client, call.id);
  if (turns.length !== questions.length)
    console.log(`note: ${turns.length} of ${questions.length} questions were answered in ${call.id}`);
  return turns;
}

/** The last facts are stored a moment after the far end has been closed. */
async function readEnded(client: Earshot, callId: string): Promise<Call> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const call = await client.calls.get(callId);
    if (call.status === "ended") return call;
    await wait(100);
  }
  throw new Error(`The call ${callId} did not end.`);
}

function report(turns: readonly Turn[], questions: readonly Question[], modelsMs: number): { medianMs: number } {
  const names = [...new Set(turns.flatMap((turn) => Object.keys(turn.segments)))];
  const row = (segment: string, values: readonly number[]) => ({
    segment,
    "median ms": Math.round(percentile(values, 50)),
    "p95 ms": Math.round(percentile(values, 95)),
    "mean ms": Math.round(values.reduce((sum, value) => sum + value, 0) / values.length),
  });
  const segmentsOf = (turn: Turn) => turn.segments as Readonly<Record<string, number>>;
  printTable([
    ...names.map((name) =>
      row(
        name,
        turns.map((turn) => segmentsOf(turn)[name] ?? 0),
      ),
    ),
    row(
      "whole",
      turns.map((turn) => turn.responseMs),
    ),
  ]);
  const unclaimed = Math.max(...turns.map((turn) => turn.responseMs - sum(Object.values(segmentsOf(turn)))));
  const medianMs = median(turns.map((turn) => turn.responseMs));
  const lengths = questions.map(({ samples }) => (toMs(samples.length) / 1000).toFixed(1));
  console.log(
    `\n${turns.length} turns; questions of ${lengths.join(", ")} s; at most ${unclaimed.toFixed(0)} ms of a turn in no ` +
      `segment; means sum to the whole.\nBaseline: endpointing at least ${END_OF_TURN_MS} ms, models alone ` +
      `${Math.round(modelsMs)} ms; median answer is ${(medianMs / (END_OF_TURN_MS + modelsMs)).toFixed(2)} times their sum\n`,
  );
  return { medianMs };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
