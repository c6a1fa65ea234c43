/** The call thread's streams: gives each its leg, and begins the call once sound flows. */

import type { Clock } from "@earshot/engine";
import { streamCodecs } from "./stream-codecs.ts";
import { StreamLeg } from "./stream-leg.ts";
import type { FromStream, ToStream } from "./stream-messages.ts";

export type StreamLinesOptions = {
  readonly clock: Clock;
  readonly tell: (streamId: number, report: FromStream) => void;
  /** Begins the call with this far end; false when there is no call that waits for one. */
  readonly begin: (callId: string, leg: StreamLeg) => boolean;
};

export class StreamLines {
  readonly #options: StreamLinesOptions;
  readonly #legs = new Map<number, StreamLeg>();

  constructor(options: StreamLinesOptions) {
    this.#options = options;
  }

  receive(streamId: number, order: ToStream): void {
    const leg = this.#legs.get(streamId);
    switch (order.kind) {
      case "open":
        return this.#open(streamId, order);
      case "message":
        return leg?.receive(order.message);
      case "closed":
        this.#legs.delete(streamId);
        return leg?.lose(order.isInOrder);
      case "over":
        return leg?.end("caller-hung-up");
      case "transferring":
        return leg?.setTransferring(order.isTransferring);
    }
  }

  #open(streamId: number, { carrier, callId }: Extract<ToStream, { kind: "open" }>): void {
    const leg = new StreamLeg({
      codec: streamCodecs[carrier](),
      clock: this.#options.clock,
      tell: (report) => this.#options.tell(streamId, report),
      onReady: () => {
        if (this.#options.begin(callId, leg)) this.#options.tell(streamId, { kind: "begun" });
        else leg.close("call-over");
      },
    });
    this.#legs.set(streamId, leg);
  }
}
