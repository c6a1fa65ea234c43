/** Tools and transfers of a random call: what they may ask of it, and what must come of that. */

import type { Conversation } from "../../conversation/conversation.ts";
import type { Effect } from "../../conversation/effect.ts";
import type { Fact } from "../../conversation/event.ts";
import { FLOW_TASK_PREFIX } from "../../conversation/flow/flow-rules.ts";
import { isAnswered } from "../../conversation/realtime.ts";
import { FILLER_AFTER_MS, type ToolConduct } from "../../conversation/tool-conduct.ts";
import type { ToolOrder } from "../../conversation/tool-order.ts";
import type { TransferOutcome } from "../../conversation/transfer-order.ts";
import type { Duty } from "./duty.ts";
import type { PendingTimers } from "./pending-timers.ts";
import { BrokenRule, type SpokenReply } from "./promises.ts";
import type { Stimulus } from "./stimulus.ts";

type ToolDeed =
  | "ask-tool"
  | "ask-step"
  | "finish-tool"
  | "order-by-tool"
  | "lose-tool-server"
  | "request-transfer"
  | "finish-transfer";
type ToolStimulus = Extract<Stimulus, { readonly do: ToolDeed }>;

type Call = {
  readonly now: () => Conversation;
  readonly nowMs: () => number;
  readonly openReply: () => SpokenReply | undefined;
  readonly post: (fact: Fact) => void;
  readonly duty: Duty;
  readonly timers: PendingTimers;
};

type Running = { readonly id: string; readonly what: string; readonly isAsync: boolean; fillers: readonly string[] };

const DESTINATION = "+12125550100";

export class RandomTools {
  /** Ids of all runs. */
  readonly runs: string[] = [];
  readonly finished: string[] = [];
  readonly #call: Call;
  readonly #running: Running[] = [];
  /** Their orders are being carried out. */
  readonly #ordered: Running[] = [];
  readonly #conducts = new Map<string, ToolConduct>();
  /** Which reply asked for a tool first. */
  readonly #askers = new Map<string, SpokenReply>();
  #waitingSinceMs: number | undefined;
  #transfer: { readonly toolCallId: string | undefined; id?: string } | undefined;
  #transfers = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  get runningCount(): number {
    return this.#running.length + this.#ordered.length;
  }

  get isWaitedFor(): boolean {
    return [...this.#running, ...this.#ordered, ...this.#asTool()].some(({ isAsync }) => !isAsync);
  }

  /** The flow waits for something that it ordered itself. */
  get isFlowAtWork(): boolean {
    return [...this.#running, ...this.#ordered].some(({ id }) => id.startsWith(FLOW_TASK_PREFIX));
  }

  get orderedTool(): string | undefined {
    return this.#ordered[0]?.id;
  }

  get isHandingOver(): boolean {
    return this.#transfer?.id !== undefined;
  }

  get isTransferring(): boolean {
    return this.#transfer !== undefined;
  }

  apply(stimulus: ToolStimulus): void {
    switch (stimulus.do) {
      case "ask-tool":
        return this.ask(`tool-${stimulus.id}`, stimulus);
      case "ask-step":
        return this.ask(`step-${stimulus.id}`, { ...stimulus, people: 2, conduct: {} });
      case "finish-tool":
        return this.finish(stimulus.isQuiet, stimulus.outcome);
      case "order-by-tool":
        return this.order(stimulus.order);
      case "lose-tool-server": {
        const failure = { server: "s", isRequired: stimulus.isRequired, message: "m", say: "We are out of order." };
        return this.#call.post({ type: "tool-server-failed", ...failure });
      }
      case "request-transfer":
        return this.requestTransfer(stimulus.say);
      case "finish-transfer":
        return this.finishTransfer(stimulus.outcome);
    }
  }

  ask(
    toolCallId: string,
    ask: { readonly name: string; readonly people: number; readonly conduct: ToolConduct },
  ): void {
    const reply = this.#call.openReply();
    if (!reply || reply.state === "stopping") return;
    const { name, people, conduct } = ask;
    this.#conducts.set(toolCallId, conduct);
    if (!this.#askers.has(toolCallId)) this.#askers.set(toolCallId, reply);
    const request = { toolCallId, name, arguments: JSON.stringify({ people }), conduct };
    this.#call.post({ type: "tool-requested", replyId: reply.id, ...request });
  }

  run(effect: Pick<Effect & { type: "run-tool" }, "toolCallId" | "name" | "arguments">): void {
    const { toolCallId: id, name } = effect;
    if (this.runs.includes(id)) throw new BrokenRule(7, `${id} ran twice`);
    const what = `${name} ${effect.arguments}`;
    if ([...this.#running, ...this.#ordered].some((other) => other.what === what))
      throw new BrokenRule(7, `${what} ran twice at a time`);
    this.runs.push(id);
    const { isAsync = false, fillers = [] } = this.#conducts.get(id) ?? {};
    const hadWords = this.#call.openReply()?.generated.length !== 0;
    this.#running.push({ id, what, isAsync, fillers: isAsync ? [] : fillers.slice(hadWords ? 1 : 0) });
    this.#measureWait();
  }

  finish(isQuiet: boolean, outcome: "succeeded" | "failed" = "succeeded"): void {
    const tool = this.#ordered.shift() ?? this.#running.shift();
    if (tool === undefined) return;
    this.finished.push(tool.id);
    this.#measureWait();
    const isKept = outcome === "succeeded" && this.#isKeptAside(tool);
    if (this.#isOpen() && !isQuiet && !isKept) this.#call.duty.owe(`the result of ${tool.id}`);
    const quiet = isQuiet ? { isQuiet } : {};
    const result = `result of ${tool.id}`;
    this.#call.post({ type: "tool-finished", toolCallId: tool.id, outcome, result, ...quiet });
  }

  /** Remembered beside words that answer already. */
  #isKeptAside({ id, what }: { readonly id: string; readonly what: string }): boolean {
    const reply = this.#askers.get(id);
    if (!what.startsWith("remember ") || reply === undefined) return false;
    return reply.state === "over"
      ? reply.heard.length > 0
      : reply.generated.length > reply.fillers.size && !reply.isScripted;
  }

  order(order: ToolOrder): void {
    const tool = this.#running.shift();
    if (tool === undefined) return;
    const isOver = this.#call.now().phase.name === "ended";
    const isSent = order.type === "send-digits" && !isOver;
    if (isSent) this.#ordered.push({ ...tool, fillers: [] });
    else if (order.type !== "transfer") this.finished.push(tool.id);
    this.#measureWait();
    if (order.type === "transfer") this.#expectTransfer(order.say, tool.id);
    this.#call.post({ type: "tool-ordered", toolCallId: tool.id, order });
    if (order.type === "end-call" && this.#isOpen()) throw new BrokenRule(6, "a tool hung up and the call went on");
  }

  requestTransfer(say: string | undefined): void {
    this.#expectTransfer(say, undefined);
    const order = { destination: DESTINATION, mode: "cold", ...(say === undefined ? {} : { say }) } as const;
    this.#call.post({ type: "transfer-requested", order });
  }

  onDigits({ toolCallId }: Effect & { type: "send-digits" }): void {
    if (!this.#ordered.some(({ id }) => id === toolCallId)) throw new BrokenRule(7, `${toolCallId} sends digits twice`);
  }

  onTransfer({ transferId }: Effect & { type: "transfer-call" }, isReachable: boolean): void {
    const { now, openReply, duty } = this.#call;
    if (!this.#transfer || this.#transfer.id !== undefined) throw new BrokenRule(7, `${transferId} was not asked for`);
    if (openReply()) throw new BrokenRule(4, `${transferId} takes the floor from the agent`);
    const { caller } = now();
    const isHeard = !caller.awaited.some((id) => id > caller.givenUp && !isAnswered(now(), id));
    if (caller.state === "talking" || caller.words !== "" || !isHeard)
      throw new BrokenRule(6, `${transferId} hands over a caller who is still speaking`);
    if (duty.hasAnnouncement) throw new BrokenRule(6, `${transferId} begins before "${duty.owed}" was said`);
    if (!isReachable) throw new BrokenRule(6, `${transferId} hands over nobody`);
    this.#transfer.id = transferId;
  }

  finishTransfer(outcome: TransferOutcome): void {
    const { now, post, duty } = this.#call;
    const transferId = this.#transfer?.id;
    if (transferId === undefined) return;
    this.#transfer = undefined;
    const isOver = now().phase.name === "ended";
    if (this.#isOpen() && outcome !== "answered") duty.owe(`why ${transferId} came to nothing`);
    post({ type: "transfer-finished", transferId, outcome });
    const { phase } = now();
    if (isOver || outcome !== "answered") return;
    if (phase.name !== "ended" || phase.reason !== "transferred") throw new BrokenRule(6, "handed over, and went on");
  }

  /** `isCallerHeard`: what the caller said last is answered before its words are known. */
  onReply({ id, purpose, generated }: SpokenReply, { isCallerHeard }: { isCallerHeard: boolean }): void {
    const isSpoken = purpose === "answer" || purpose === "announcement" || purpose === "goodbye";
    if (this.isHandingOver && !isSpoken) throw new BrokenRule(6, `${id} speaks while the call is handed over`);
    const isAnswer = purpose === "answer" && !isCallerHeard && this.#call.now().history.at(-2)?.role !== "caller";
    if (isAnswer && this.isWaitedFor) throw new BrokenRule(7, `${id} did not wait for the tools`);
    if (purpose === "filler") this.#onFiller(id, generated.join(" "));
  }

  /** A wait that somebody bears is measured, and no other. */
  checkWait(): void {
    const hasFillers = this.#running.some(({ fillers }) => fillers.length > 0);
    const isMeasured = this.#call.timers.has("tool-filler");
    if (hasFillers && !isMeasured && this.#isOpen()) throw new BrokenRule(6, "the wait for a tool stays silent");
    if (!hasFillers && isMeasured) throw new BrokenRule(6, "measures the wait for nothing");
  }

  onEnd(): void {
    this.#transfer = undefined;
  }

  get staleTransfer(): string {
    return `transfer-${this.isHandingOver ? 99 : this.#transfers}`;
  }

  #onFiller(replyId: string, words: string): void {
    const wanted = this.#running.flatMap(({ fillers }) => fillers.slice(0, 1))[0];
    if (words !== wanted) throw new BrokenRule(6, `${replyId} fills a wait with "${words}" instead of "${wanted}"`);
    const waitedMs = this.#call.nowMs() - (this.#waitingSinceMs ?? this.#call.nowMs());
    if (waitedMs < FILLER_AFTER_MS) throw new BrokenRule(6, `${replyId} fills a wait of ${waitedMs} ms`);
    this.#takeFiller();
  }

  #takeFiller(): void {
    for (const tool of this.#running) tool.fillers = tool.fillers.slice(1);
  }

  #measureWait(): void {
    const isWaiting = this.#running.some(({ fillers }) => fillers.length > 0);
    this.#waitingSinceMs = isWaiting ? (this.#waitingSinceMs ?? this.#call.nowMs()) : undefined;
  }

  #expectTransfer(say: string | undefined, toolCallId: string | undefined): void {
    const { duty } = this.#call;
    if (this.#isOpen() && this.#transfer === undefined) {
      if (say !== undefined) duty.announce(say);
      this.#transfers++;
      this.#transfer = { toolCallId };
    } else if (this.#isOpen() && toolCallId !== undefined) duty.owe(`why ${toolCallId} did not transfer`);
  }

  #asTool(): { isAsync: boolean }[] {
    return this.#transfer?.toolCallId === undefined ? [] : [{ isAsync: false }];
  }

  #isOpen(): boolean {
    return this.#call.now().phase.name === "open";
  }
}
