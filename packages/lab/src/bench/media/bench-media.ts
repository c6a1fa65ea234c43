/** Telephone calls on one node: how many, at what cost, how soon they are answered, and whether memory grows. */
import { startAgentNode } from "./agent-node.ts";
import { LoadClient } from "./load-client.ts";
import { measureLoad } from "./measure-load.ts";
import { measureCallRate, measureSetUp } from "./measure-set-up.ts";
import { measureSoak } from "./measure-soak.ts";

export async function benchMedia({ isQuick }: { isQuick: boolean }): Promise<void> {
  const load = await LoadClient.start();
  try {
    const node = await startAgentNode(load.chatUrl, isQuick ? 0 : undefined);
    try {
      await load.takeVoice(node.voice);
      await measureSetUp(load, node, isQuick);
      await measureLoad(load, node, isQuick);
      await measureCallRate(node, isQuick);
    } finally {
      await node.stop();
    }
  } finally {
    load.stop();
  }
  await measureSoak(isQuick);
}
