/** The call thread within the test's own: scripted models, and the streams of carriers. */

import type { EndReason, TransferOrder } from "@earshot/engine";
import { SystemClock } from "@earshot/engine";
import { appendEntries, type JournalBus } from "../../calls/append-entries.ts";
import { beginCall } from "../../calls/begin-call.ts";
import type { CallControl, CallReservation } from "../../calls/call-control.ts";
import { createIdleCallControl } from "../../calls/call-control.ts";
import { closeCall } from "../../calls/close-call.ts";
import type { PlacedTransfer } from "../../calls/place-transfer.ts";
import type { CallStore } from "../../calls/store.ts";
import { StreamLines } from "../../legs/stream/stream-lines.ts";
import type { FromStream, ToStream } from "../../legs/stream/stream-messages.ts";
import type { WallClock } from "../../wall-clock.ts";
import type { FromCallThread } from "../messages.ts";
import { ThreadLines } from "../thread-lines.ts";
import { type DeskScript, ScriptedDesk } from "./scripted-desk.ts";

export type LocalThreadOptions = {
  readonly store: { readonly calls: CallStore; readonly clock: WallClock; readonly bus: JournalBus };
  readonly script: DeskScript;
};

export class LocalThread implements CallControl {
  readonly desk: ScriptedDesk;
  isDraining = false;
  /** What transfers come to. */
  placeTransfer: (callId: string, order: TransferOrder) => Promise<PlacedTransfer> = async () => ({
    outcome: "unreachable",
  });
  readonly #options: LocalThreadOptions;
  readonly #over = new Map<string, PromiseWithResolvers<void>>();
  readonly #watchers: ((callId: string, toCallId: string) => void)[] = [];
  readonly #lines: StreamLines;
  readonly #streams = new ThreadLines<ToStream, FromStream>(
    (streamId, order) => {
      this.#lines.receive(streamId, order);
      return true;
    },
    { kind: "hang-up", reason: "internal" },
  );

  constructor(options: LocalThreadOptions) {
    this.#options = options;
    const clock = new SystemClock();
    this.desk = new ScriptedDesk({ clock, ...options.script, onMessage: (message) => void this.#receive(message) });
    this.#lines = new StreamLines({
      clock,
      tell: (streamId, report) => this.#streams.receive(streamId, report),
      begin: (callId, leg) => this.desk.desk.begin(callId, leg),
    });
  }

  async reserve(reservation: CallReservation): Promise<void> {
    this.#over.set(reservation.call.id, Promise.withResolvers());
    this.desk.desk.receive({ type: "reserve", reservation });
  }

  async end(callId: string, reason: EndReason): Promise<boolean> {
    if (!this.#over.has(callId)) return false;
    this.desk.desk.receive({ type: "end", callId, reason });
    await this.whenOver(callId);
    return true;
  }

  async whenOver(callId: string): Promise<void> {
    await this.#over.get(callId)?.promise;
  }

  openStream(onReport: (report: FromStream) => void) {
    return this.#streams.open(onReport);
  }

  watchHandOvers(told: (callId: string, toCallId: string) => void): void {
    this.#watchers.push(told);
  }

  transfer: CallControl["transfer"] = (callId, order) => this.desk.order(callId, { type: "transfer", order });
  say: CallControl["say"] = (callId, say) => this.desk.order(callId, { type: "say", ...say });
  injectContext = createIdleCallControl().injectContext;
  mute = createIdleCallControl().mute;
  pauseRecording = createIdleCallControl().pauseRecording;
  bridge = createIdleCallControl().bridge;
  drain = async () => {};

  get liveCalls(): number {
    return this.#over.size;
  }

  async #receive(message: FromCallThread): Promise<void> {
    const { store } = this.#options;
    if (message.type === "started") await beginCall(store, message.callId);
    if (message.type === "journal") await appendEntries(store, message.callId, message.entries);
    if (message.type === "handed-over" && message.isRelay !== true)
      for (const told of this.#watchers) told(message.callId, message.toCallId);
    if (message.type === "ask" && message.request.type === "transfer") {
      const placed = await this.placeTransfer(message.callId, message.request.order);
      this.desk.desk.receive({ type: "answer", askId: message.askId, answer: { type: "transfer", placed } });
    }
    if (message.type !== "ended") return;
    await closeCall({ ...store, onEnded: async () => {} }, message.callId, message);
    const over = this.#over.get(message.callId);
    this.#over.delete(message.callId);
    over?.resolve();
  }
}
