/** The telephone lines of this node: opens them, tells each what happens to its call, and closes them. */

import type { CallEvent, ReferRequest, TransportProtocol, UserAgent } from "@earshot/telephony";
import type { LineQuality } from "../../calls/call.ts";
import { type Failure, giveUp } from "../../calls/give-up.ts";
import type { Log } from "../../telemetry/log.ts";
import { fillHeaders } from "./fill-headers.ts";
import { toLineQuality } from "./line-quality.ts";
import type { LiveTrunk } from "./live-trunk.ts";
import { isRefusal, SipLine, type SipLineOptions } from "./sip-line.ts";
import { toSound } from "./to-sound.ts";

export type LineBookOptions = {
  readonly agent: Pick<UserAgent, "localAddress">;
  readonly deps: Parameters<typeof giveUp>[0];
  readonly thread: Pick<SipLineOptions, "openLine" | "whenOver">;
  readonly log: Log;
  /** The far end wants the agent to talk to somebody else. */
  readonly onRefer: (line: SipLine, refer: ReferRequest) => void;
  readonly onQuality: (callId: string, quality: LineQuality) => Promise<void>;
};

export class LineBook {
  readonly #options: LineBookOptions;
  readonly #lines = new Set<SipLine>();

  constructor(options: LineBookOptions) {
    this.#options = options;
  }

  open(peer: { readonly protocol: TransportProtocol; readonly address: string }, trunk?: LiveTrunk): SipLine {
    const { agent, thread, deps, log, onQuality } = this.#options;
    const { host = "127.0.0.1" } = agent.localAddress(peer.protocol, peer.address) ?? {};
    const line = new SipLine({
      openLine: thread.openLine.bind(thread),
      whenOver: thread.whenOver.bind(thread),
      clock: deps.clock,
      ...toSound(host.replaceAll(/[[\]]/g, ""), trunk?.settings),
      onStatistics: (callId, statistics) => {
        onQuality(callId, toLineQuality(statistics)).catch((error: unknown) =>
          log.error({ callId, error: String(error) }, "The quality of a call can't be stored"),
        );
      },
    });
    line.trunk = trunk;
    this.#lines.add(line);
    return line;
  }

  forget(line: SipLine): void {
    this.#lines.delete(line);
  }

  /** The line of a call of ours. */
  of(callId: string): SipLine | undefined {
    for (const line of this.#lines) if (line.callId === callId) return line;
    return undefined;
  }

  /** The line with this call of theirs. */
  with(sip: SipLine["sip"]): SipLine | undefined {
    if (sip === undefined) return undefined;
    for (const line of this.#lines) if (line.sip === sip) return line;
    return undefined;
  }

  /** What happens to a call that came in, or was answered. */
  notice(line: SipLine, event: CallEvent): void {
    const { log } = this.#options;
    this.#onEvent(line, event).catch((error: unknown) =>
      log.error({ kind: event.kind, error: String(error) }, "A phone call's event failed"),
    );
  }

  /** Both sides know that the call was answered: it begins, or is over with what this gives. */
  async begin(
    line: SipLine,
    { body }: Extract<CallEvent, { kind: "confirmed" | "answered" }>,
  ): Promise<Failure | undefined> {
    try {
      if (body) line.accept(body);
      if (line.connect()) return undefined;
    } catch (error) {
      if (!isRefusal(error)) throw error;
    }
    const failure: Failure = { reason: "rejected", error: "no common sound", dial: { code: "no_common_media" } };
    if (line.callId !== undefined) await giveUp(this.#options.deps, line.callId, failure);
    line.sip?.hangUp({ reason: 'SIP;cause=488;text="No common codec"' });
    return failure;
  }

  /** The call's trunk wants headers with values of the call in them. */
  dress(line: SipLine, variables: Readonly<Record<string, string>>): void {
    line.headers = fillHeaders(line.trunk?.settings.headers ?? {}, variables);
  }

  async #onEvent(line: SipLine, event: CallEvent): Promise<void> {
    switch (event.kind) {
      case "confirmed":
        await this.begin(line, event);
        return;
      case "digit":
        return line.digit(event.digit);
      case "refer":
        return this.#options.onRefer(line, event.refer);
      case "ended":
        this.#lines.delete(line);
        line.leave(event);
        if (!line.isConnected && line.callId !== undefined)
          await giveUp(this.#options.deps, line.callId, {
            reason: "canceled",
            error: "the caller hung up before the call was answered",
          });
        return;
      default:
        return;
    }
  }
}
