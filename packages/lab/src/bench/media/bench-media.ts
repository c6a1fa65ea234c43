/** Telephone calls on one node: how many, at what cost, how soon they are answered, and whether memory grows. */
import { LoadClient, startBareNode } from "./load-client.ts";
import { startAgentNode, readTurns } from "./agent-node.ts";

export async function benchMedia({ isQuick }: { isQuick: boolean }): Promise<void> {
  const load = await LoadClient.start();
  const node = await startAgentNode(load.chatUrl);
  try {
    await load.takeVoice(node.voice);
    const sinceMs = Date.now();
    const n = Number(process.env["N"] ?? 10);
    const result = await load.talk({ target: node.target, pid: node.pid, codec: "PCMU", isEncrypted: false, calls: n, perSecond: 20, settleMs: 3000, windowMs: 15000, cycleMs: 8000, drainMs: 5000 });
    const turns = await readTurns(node.client, sinceMs);
    console.log(result, turns.length, node.voice.length / 16000, isQuick);
    const r = await load.setUp({ target: node.target, pid: node.pid, codec: "PCMU", isEncrypted: false, calls: 60, perSecond: 20, holdMs: 500});
    console.log(r.failures, r.answeredMs.toSorted((a,b)=>a-b).map(Math.round).join(' '), r.packetMs.toSorted((a,b)=>a-b).map(Math.round).join(' '), r.soundMs.toSorted((a,b)=>a-b).map(Math.round).join(' '));
  } finally {
    load.stop();
    await node.stop();
  }
}
