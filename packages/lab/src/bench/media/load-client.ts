/** The benchmark's side of its child processes. */
import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Samples } from "@earshot/engine";
import type { FromLoad, SetUpPlan, SetUpResult, TalkPlan, TalkResult, ToLoad } from "./messages.ts";

export class LoadClient {
  readonly #child: ChildProcess;
  /** Of the scripted language model. */
  readonly chatUrl: string;

  private constructor(child: ChildProcess, chatUrl: string) {
    this.#child = child;
    this.chatUrl = chatUrl;
  }

  static async start(): Promise<LoadClient> {
    const { child, first } = await startChild<FromLoad>("./load-process.ts");
    if (first.kind !== "ready") throw new Error("The load process did not begin.");
    return new LoadClient(child, first.chatUrl);
  }

  /** What callers say, 16 kHz. */
  async takeVoice(samples: Samples): Promise<void> {
    await this.#ask({ kind: "voice", samples });
  }

  async talk(plan: Omit<TalkPlan, "kind">): Promise<TalkResult> {
    const report = await this.#ask({ kind: "talk", ...plan });
    if (report.kind !== "talked") throw new Error(`The load process failed: ${JSON.stringify(report)}`);
    return report.result;
  }

  async setUp(plan: Omit<SetUpPlan, "kind">): Promise<SetUpResult> {
    const report = await this.#ask({ kind: "set-up", ...plan });
    if (report.kind !== "set-up") throw new Error(`The load process failed: ${JSON.stringify(report)}`);
    return report.result;
  }

  stop(): void {
    this.#child.kill();
  }

  async #ask(order: ToLoad): Promise<FromLoad> {
    const answer = next<FromLoad>(this.#child);
    this.#child.send(order);
    return answer;
  }
}

export type BareNode = { readonly pid: number; readonly port: number; stop(): void };

/** SIP and RTP without agents. */
export async function startBareNode(): Promise<BareNode> {
  const { child, first } = await startChild<{ port: number }>("./bare-node-process.ts");
  return { pid: child.pid ?? 0, port: first.port, stop: () => void child.kill() };
}

async function startChild<First>(entry: string): Promise<{ child: ChildProcess; first: First }> {
  const child = fork(fileURLToPath(new URL(entry, import.meta.url)), [], { serialization: "advanced", execArgv: [] });
  return { child, first: await next<First>(child) };
}

function next<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`A process of the benchmark ended with code ${code}.`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      resolve(message as Message);
    });
  });
}
