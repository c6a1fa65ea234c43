import type { Clock } from "../../clock.ts";
import { newBranch } from "../identifiers.ts";
import { serializeMessage } from "../message/serialize-message.ts";
import { makeResponse, type SipMessage, type SipRequest, type SipResponse, toTagOf } from "../message/sip-message.ts";
import { formatVia } from "../message/via.ts";
import { NetworkError, type SipNetwork, type Source, type Target } from "../transport/network.ts";
import { type ClientListener, ClientTransaction } from "./client-transaction.ts";
import type { TransactionOutput } from "./machine.ts";
import { markSource, responseTarget } from "./response-target.ts";
import { ServerTransaction } from "./server-transaction.ts";
import type { TimerName } from "./timers.ts";
import { clientKey, mergeKey, serverKey } from "./transaction-key.ts";

export type TransactionUser = {
  /** A request that starts a transaction: it must be answered. Not ACK. */
  onRequest(transaction: ServerTransaction): void;
  /** An ACK for a 2xx, or for nothing known. */
  onAck(request: SipRequest, source: Source): void;
  /** A response that no transaction waits for. */
  onStrayResponse(response: SipResponse, source: Source): void;
};

type LayerOptions = {
  readonly clock: Clock;
  readonly network: SipNetwork;
  readonly user: TransactionUser;
  /** Requests larger than this go over TCP first. Default: never. */
  readonly tcpAboveBytes?: number | undefined;
  /** Server transactions at once; beyond, requests get 503 without a transaction. Default 20,000. */
  readonly maxServerTransactions?: number;
  /** A step failed that shouldn't; it costs that step alone. */
  readonly onInternalError: (error: unknown) => void;
  /** Sees every message, for a trace. */
  readonly onTrace?: ((direction: "in" | "out", message: SipMessage, peer: Source | Target) => void) | undefined;
};

/** Runs the transaction machines over a network and a clock. */
export class TransactionLayer {
  readonly #options: LayerOptions;
  readonly #clients = new Map<string, ClientTransaction>();
  readonly #servers = new Map<string, ServerTransaction>();
  /** Keys of server transactions by what makes a request the same on two ways. */
  readonly #merges = new Map<string, string>();
  #isClosed = false;
  readonly #timers = new Map<ClientTransaction | ServerTransaction, Map<TimerName, () => void>>();

  constructor(options: LayerOptions) {
    this.#options = options;
  }

  get tcpAboveBytes(): number | undefined {
    return this.#options.tcpAboveBytes;
  }

  /** Transactions under way. */
  get size(): number {
    return this.#clients.size + this.#servers.size;
  }

  /** A checked message from the network. */
  receive(message: SipMessage, source: Source): void {
    if (this.#isClosed) return;
    this.#options.onTrace?.("in", message, source);
    if (message.kind === "response") this.#receiveResponse(message, source);
    else this.#receiveRequest(markSource(message, source), source);
  }

  /** Sends a request in a transaction of its own; adds Via and, if missing, Max-Forwards. */
  request(request: SipRequest, target: Target, listener: ClientListener): ClientTransaction {
    const { headers } = request;
    headers.set("via", this.makeVia(target, newBranch()));
    if (!headers.has("max-forwards")) headers.set("max-forwards", "70");
    return this.#start(request, target, listener);
  }

  /** Cancels an INVITE on its own branch; its 487 comes through the INVITE's listener. */
  cancel(cancel: SipRequest, invite: ClientTransaction): void {
    if (!this.#isClosed) this.#start(cancel, invite.target, { onResponse: () => {}, onFailure: () => {} });
  }

  /** Sends an ACK for a 2xx, or its repetition: no transaction. */
  sendAck(ack: SipRequest, target: Target): void {
    if (this.#isClosed) return;
    if (!ack.headers.has("via")) ack.headers.set("via", this.makeVia(target, newBranch()));
    this.#send(ack, target, () => {});
  }

  /** Sends a response once more, or outside any transaction. */
  sendResponse(response: SipResponse, source: Source): void {
    this.#send(response, responseTarget(response, source), () => {});
  }

  /** The INVITE a CANCEL is meant for, if it is known. */
  findInvite(cancel: SipRequest): ServerTransaction | undefined {
    return this.#servers.get(serverKey(cancel, "INVITE"));
  }

  /** A connection is gone: requests that were sent on it and saw no response have failed. */
  flowClosed(flowId: string): void {
    for (const transaction of [...this.#clients.values()]) {
      if (transaction.flowId !== flowId || !transaction.isUnanswered) continue;
      this.#runClient(transaction, transaction.step({ kind: "transport-failed" }));
    }
  }

  makeVia(target: Target, branch: string): string {
    if (this.#isClosed) throw new NetworkError("closed", "The user agent is closed");
    const local = this.#options.network.localAddress(target.protocol, target.address);
    if (!local) throw new NetworkError("not_served", `No ${target.protocol} socket is open here`);
    const params = new Map([
      ["branch", branch],
      ["rport", undefined],
    ]);
    return formatVia({ transport: target.protocol.toUpperCase(), host: local.host, port: local.port, params });
  }

  /** Forgets everything and stops all timers. */
  close(): void {
    this.#isClosed = true;
    for (const timers of this.#timers.values()) for (const cancel of timers.values()) cancel();
    this.#timers.clear();
    this.#clients.clear();
    this.#servers.clear();
    this.#merges.clear();
  }

  #start(request: SipRequest, target: Target, listener: ClientListener): ClientTransaction {
    const transaction = new ClientTransaction({ key: clientKey(request), request, target, listener });
    this.#clients.set(transaction.key, transaction);
    this.#runClient(transaction, transaction.opening);
    return transaction;
  }

  #receiveResponse(response: SipResponse, source: Source): void {
    const transaction = this.#clients.get(clientKey(response));
    if (transaction) this.#runClient(transaction, transaction.step({ kind: "response", response }));
    else this.#options.user.onStrayResponse(response, source);
  }

  #receiveRequest(request: SipRequest, source: Source): void {
    const key = serverKey(request);
    const known = this.#servers.get(key);
    if (request.method === "ACK") {
      if (known && !known.isAccepted) this.#runServer(known, known.step({ kind: "ack" }));
      else this.#options.user.onAck(request, source);
      return;
    }
    if (known) {
      this.#runServer(known, known.step({ kind: "request" }));
      return;
    }
    if (this.#servers.size >= (this.#options.maxServerTransactions ?? 20_000)) {
      this.sendResponse(makeResponse(request, { status: 503, headers: { "retry-after": "10" } }), source);
      return;
    }
    const transaction = new ServerTransaction({ key, request, source, run: (one, does) => this.#runServer(one, does) });
    const isMerged = this.#isMerged(request, key);
    this.#servers.set(key, transaction);
    if (isMerged) transaction.reply({ status: 482 });
    else this.#options.user.onRequest(transaction);
  }

  /** Notes the request, and tells whether it is already here under another branch. */
  #isMerged(request: SipRequest, key: string): boolean {
    if (request.method === "CANCEL" || toTagOf(request) !== undefined) return false;
    const merge = `${mergeKey(request)} ${request.method}`;
    const other = this.#merges.get(merge);
    if (other !== undefined && other !== key && this.#servers.has(other)) return true;
    this.#merges.set(merge, key);
    return false;
  }

  #runClient(transaction: ClientTransaction, outputs: readonly TransactionOutput[]): void {
    for (const output of outputs) {
      if (output.kind === "send") {
        const onFailure = () => this.#runClient(transaction, transaction.step({ kind: "transport-failed" }));
        this.#send(output.message, transaction.target, onFailure, (flowId) => {
          transaction.flowId = flowId;
        });
      } else if (output.kind === "start-timer") {
        this.#startTimer(transaction, output.timer, output.delayMs, () => {
          this.#runClient(transaction, transaction.step({ kind: "timer", timer: output.timer }));
        });
      } else if (output.kind === "stop-timer") this.#stopTimer(transaction, output.timer);
      else if (output.kind === "deliver") transaction.listener.onResponse(output.response);
      else if (output.kind === "failed") transaction.listener.onFailure(output.reason);
      else {
        this.#stopTimers(transaction);
        this.#clients.delete(transaction.key);
      }
    }
  }

  #runServer(transaction: ServerTransaction, outputs: readonly TransactionOutput[]): void {
    for (const output of outputs) {
      if (output.kind === "send" && output.message.kind === "response") {
        this.#send(output.message, responseTarget(output.message, transaction.source), () => {
          this.#runServer(transaction, transaction.step({ kind: "transport-failed" }));
        });
      } else if (output.kind === "start-timer") {
        this.#startTimer(transaction, output.timer, output.delayMs, () => {
          this.#runServer(transaction, transaction.step({ kind: "timer", timer: output.timer }));
        });
      } else if (output.kind === "stop-timer") this.#stopTimer(transaction, output.timer);
      else if (output.kind === "failed") transaction.onFailure?.(output.reason);
      else if (output.kind === "ended") this.#forgetServer(transaction);
    }
  }

  #forgetServer(transaction: ServerTransaction): void {
    this.#stopTimers(transaction);
    this.#servers.delete(transaction.key);
    const merge = `${mergeKey(transaction.request)} ${transaction.request.method}`;
    if (this.#merges.get(merge) === transaction.key) this.#merges.delete(merge);
  }

  #send(
    message: SipMessage,
    target: Target,
    onFailure: () => void,
    onSent: (flowId: string | undefined) => void = () => {},
  ): void {
    this.#options.onTrace?.("out", message, target);
    // What the far end named as its address may be nothing that can be written: then it can't be reached.
    new Promise<Uint8Array>((resolve) => resolve(serializeMessage(message)))
      .then((bytes) => this.#options.network.send(bytes, target))
      .then(onSent)
      .catch(onFailure)
      .catch((error: unknown) => this.#options.onInternalError(error));
  }

  #startTimer(owner: ClientTransaction | ServerTransaction, name: TimerName, delayMs: number, run: () => void): void {
    if (this.#isClosed) return;
    const timers = this.#timers.get(owner) ?? new Map<TimerName, () => void>();
    this.#timers.set(owner, timers);
    timers.get(name)?.();
    const cancel = this.#options.clock.after(delayMs, () => {
      timers.delete(name);
      run();
    });
    timers.set(name, cancel);
  }

  #stopTimer(owner: ClientTransaction | ServerTransaction, name: TimerName): void {
    const timers = this.#timers.get(owner);
    timers?.get(name)?.();
    timers?.delete(name);
  }

  #stopTimers(owner: ClientTransaction | ServerTransaction): void {
    for (const cancel of this.#timers.get(owner)?.values() ?? []) cancel();
    this.#timers.delete(owner);
  }
}
