/** The call thread's telephone lines: opens their ports, and gives each its leg once the far end is there. */

import { type MediaThread, MediaThreadError, type OpenPorts } from "@earshot/telephony";
import type { FromLine, ToLine } from "./line-messages.ts";
import { SipLeg } from "./sip-leg.ts";

export type PhoneLinesOptions = {
  readonly startMedia: () => Pick<MediaThread, "openPorts">;
  readonly tell: (lineId: number, report: FromLine) => void;
  /** Begins the call with this far end; false when there is no call that waits for one. */
  readonly begin: (callId: string, leg: SipLeg, isHandedOver: boolean) => boolean;
};

type Line = { ports?: OpenPorts; leg?: SipLeg };

export class PhoneLines {
  readonly #options: PhoneLinesOptions;
  readonly #lines = new Map<number, Line>();
  #media: Pick<MediaThread, "openPorts">;

  constructor(options: PhoneLinesOptions) {
    this.#options = options;
    this.#media = options.startMedia();
  }

  receive(lineId: number, order: ToLine): void {
    const line = this.#lines.get(lineId);
    switch (order.kind) {
      case "open":
        void this.#open(lineId);
        return;
      case "connect":
        if (line) this.#connect(lineId, line, order);
        return;
      case "update":
        return line?.leg?.update(order.agreement);
      case "digit":
        return line?.leg?.receiveDigit(order.digit);
      case "end":
        this.#lines.delete(lineId);
        line?.leg?.end(order.reason);
        line?.ports?.close();
        return;
    }
  }

  async #open(lineId: number): Promise<void> {
    const line: Line = {};
    this.#lines.set(lineId, line);
    try {
      const ports = await this.#openPorts();
      if (!this.#lines.has(lineId)) return ports.close();
      line.ports = ports;
      this.#options.tell(lineId, { kind: "opened", rtpPort: ports.rtpPort });
    } catch (error) {
      this.#lines.delete(lineId);
      const code = error instanceof MediaThreadError ? error.code : "internal";
      const message = error instanceof Error ? error.message : String(error);
      this.#options.tell(lineId, { kind: "failed", code, message });
    }
  }

  /** A media thread that has died took its own calls along, and no more than them. */
  async #openPorts(): Promise<OpenPorts> {
    const media = this.#media;
    try {
      return await media.openPorts();
    } catch (error) {
      if (!(error instanceof MediaThreadError) || error.code !== "thread_ended") throw error;
      if (this.#media === media) this.#media = this.#options.startMedia();
      return this.#media.openPorts();
    }
  }

  #connect(
    lineId: number,
    line: Line,
    { callId, agreement, isHandedOver = false }: Extract<ToLine, { kind: "connect" }>,
  ): void {
    if (line.ports === undefined || line.leg) return;
    const leg = new SipLeg({
      ports: line.ports,
      agreement,
      tell: (report) => {
        if (report.kind === "hang-up") this.#lines.delete(lineId);
        this.#options.tell(lineId, report);
      },
    });
    line.leg = leg;
    if (!this.#options.begin(callId, leg, isHandedOver)) leg.close("internal");
  }
}
