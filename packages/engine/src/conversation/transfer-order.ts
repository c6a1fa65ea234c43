/** Hands the far end on to somebody else. */
export type TransferOrder = {
  /** E.164, or a SIP URI. */
  readonly destination: string;
  /** `cold`: handed over at once; `warm`: whoever answers is briefed first. */
  readonly mode: "cold" | "warm";
  /** Said to the far end before it is handed over. */
  readonly say?: string;
  /** What a warm transfer tells whoever answers. */
  readonly briefing?: string;
};

/** How a transfer came out; all but `answered` leave the call with the agent. */
export type TransferOutcome =
  | "answered"
  | "busy"
  | "no-answer"
  | "rejected"
  | "unreachable"
  | "not-supported"
  | "failed";
