export type RealtimeFloor = {
  /** A reply that the model has begun, and that waits for the floor. */
  readonly offerId?: string;
  /** Utterances up to this one have their answer, whether their words are known or not. */
  readonly answeredUpTo: number;
  /** The reply that is the answer; "" before the first. */
  readonly answeredBy: string;
};
