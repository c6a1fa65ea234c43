/** A leg whose far end may be handed to another call, as it is: nobody at the far end notices but by the voice. */

import type {
  CallLeg,
  LegCapabilities,
  LegHandlers,
  LegNotice,
  Samples,
  TransferOrder,
  TransferReports,
} from "@earshot/engine";

/** A far end, and which call it belongs to at present. Opened once, whoever has it. */
export class FarEnd {
  readonly leg: CallLeg;
  #handlers: LegHandlers | undefined;
  #played = 0;
  #playedBefore = 0;
  #isOpen = false;

  constructor(leg: CallLeg) {
    this.leg = leg;
  }

  /** What it has played for whoever has it. */
  get played(): number {
    return this.#played - this.#playedBefore;
  }

  /** Nobody is told any more. */
  disconnect(): void {
    this.#handlers = undefined;
  }

  /** From now on these handlers are told; positions count from here, or from what another has `played` before. */
  connect(handlers: LegHandlers, played = 0): void {
    this.#handlers = handlers;
    this.#playedBefore = this.#played - played;
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.leg.open({
      onAudio: (frame) => this.#handlers?.onAudio(frame),
      onDigit: (digit) => this.#handlers?.onDigit(digit),
      onPlayed: (samples) => {
        this.#played = samples;
        this.#handlers?.onPlayed(Math.max(0, samples - this.#playedBefore));
      },
      onLost: () => this.#handlers?.onLost(),
      onResumed: () => this.#handlers?.onResumed(),
      onClosed: (reason) => this.#handlers?.onClosed(reason),
    });
  }
}

/** Finds who answers, and gives them the far end. Never rejects. */
export type CarryTransfer = (
  order: TransferOrder,
  onProgress: TransferReports["onProgress"],
) => Promise<{ readonly outcome: Parameters<TransferReports["onFinished"]>[0]; readonly message?: string }>;

export class TransferableLeg implements CallLeg {
  readonly can: LegCapabilities;
  readonly #carry: CarryTransfer;
  readonly #isKept: boolean;
  #farEnd: FarEnd | undefined;
  #handlers: LegHandlers | undefined;

  /** @param options `isKept`: the far end outlives this leg, until somebody releases it. Default false */
  constructor(farEnd: FarEnd, carry: CarryTransfer, { isKept = false }: { readonly isKept?: boolean } = {}) {
    this.#farEnd = farEnd;
    this.#carry = carry;
    this.#isKept = isKept;
    this.can = { ...farEnd.leg.can, transfer: true };
  }

  /** Gives the far end away: this leg is deaf and dumb from now on. Undefined when it has none any more. */
  release(): FarEnd | undefined {
    const farEnd = this.#farEnd;
    this.#farEnd = undefined;
    return farEnd;
  }

  open(handlers: LegHandlers): void {
    this.#handlers = handlers;
    this.#farEnd?.connect(handlers);
  }

  /** Another far end is talked to from now on; false when this leg has none any more. */
  replace(farEnd: FarEnd): boolean {
    const [old, handlers] = [this.#farEnd, this.#handlers];
    if (old === undefined || handlers === undefined) return false;
    this.#farEnd = farEnd;
    old.disconnect();
    old.leg.close("replaced");
    farEnd.connect(handlers, old.played);
    return true;
  }

  play(frame: Samples): void {
    this.#farEnd?.leg.play(frame);
  }

  clear(): void {
    this.#farEnd?.leg.clear();
  }

  sendDigits(digits: string): void {
    this.#farEnd?.leg.sendDigits(digits);
  }

  transfer(order: TransferOrder, { onProgress, onFinished }: TransferReports): void {
    void this.#carry(order, onProgress).then(({ outcome, message }) => onFinished(outcome, message));
  }

  show(notice: LegNotice): void {
    this.#farEnd?.leg.show(notice);
  }

  close(reason: string): void {
    if (!this.#isKept) this.release()?.leg.close(reason);
  }
}
