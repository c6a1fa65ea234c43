/** The node under test: a real server whose words and voice are by script, and an agent that answers the telephone. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseWav, type Samples, toEngineRate } from "@earshot/engine";
import type { Earshot } from "@earshot/sdk";
import { startChildServer } from "../server/child-server.ts";
import { readCpuSeconds } from "../server/resident-memory.ts";

const SETTLE_MS = 3_000;
/** Some two seconds. */
const SENTENCE = "One two three four five six.";
const NUMBER = "+12125550123";
/** What a node without calls takes, and more: of one core, over a second. */
const QUIET_CPU_SECONDS = 0.1;
const QUIET_WITHIN_S = 90;

export type AgentNode = {
  readonly client: Earshot;
  readonly pid: number;
  readonly sipAddress: string;
  /** Whom callers call. */
  readonly target: string;
  readonly voice: Samples;
  stop(): Promise<void>;
};

export async function startAgentNode(chatUrl: string, settleMs = SETTLE_MS): Promise<AgentNode> {
  const directory = await mkdtemp(join(tmpdir(), "earshot-bench-"));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const server = await startChildServer(directory, {
      EARSHOT_SPEECH: "scripted",
      EARSHOT_LLM_URL: chatUrl,
      EARSHOT_LLM_MODEL: "scripted",
      EARSHOT_SIP_PORT: "0",
      EARSHOT_MAX_CALLS: "10000",
      EARSHOT_RATE_LIMIT: "off",
      EARSHOT_SHUTDOWN_TIMEOUT_MS: "1000",
    });
    const stop = () => server.stop().then(remove);
    try {
      const { client, pid, sipAddress } = server;
      if (sipAddress === undefined) throw new Error("The server takes no telephone calls.");
      const agent = await client.agents.create({
        name: "Bench",
        greeting: { mode: "static", text: "Hello! How can I help you?" },
      });
      await client.phoneNumbers.create({ phoneNumber: NUMBER, agentId: agent.id });
      const voice = toEngineRate(parseWav(await client.speech.create({ text: SENTENCE })));
      await wait(settleMs);
      return { client, pid, sipAddress, voice, target: `sip:${NUMBER}@${sipAddress}`, stop };
    } catch (error) {
      await stop();
      throw error;
    }
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Calls that began since then, once all of them are over: how often they were answered, and how soon, ms. */
export async function readTurns(client: Earshot, sinceMs: number): Promise<readonly number[]> {
  await waitUntilIdle(client);
  const responsesMs: number[] = [];
  for await (const { id, createdAt } of client.calls.list({ limit: 100 })) {
    if (Date.parse(createdAt) < sinceMs) break;
    const { turns } = await client.calls.get(id);
    responsesMs.push(...turns.map(({ responseMs }) => responseMs));
  }
  return responsesMs;
}

/** Until the node has summed up the calls before, so that the next ones have it for themselves. */
export async function waitUntilQuiet({ pid }: Pick<AgentNode, "pid">): Promise<void> {
  for (let second = 0; second < QUIET_WITHIN_S; second++) {
    const before = await readCpuSeconds(pid);
    await wait(1_000);
    if ((await readCpuSeconds(pid)) - before <= QUIET_CPU_SECONDS) return;
  }
}

async function waitUntilIdle(client: Earshot): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const { data } = await client.calls.list({ status: "active", limit: 1 });
    if (data.length === 0) return;
    await wait(200);
  }
  throw new Error("Calls that were hung up did not end.");
}
