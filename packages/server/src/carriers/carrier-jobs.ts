/** What is done for carriers in the background, at least once, even when the process dies in between. */
export type CarrierJobs = {
  /** In a minute or so. */
  readonly confirmOrder: (orderId: string) => Promise<void>;
  readonly sendMessage: (messageId: string) => Promise<void>;
  readonly answerMessage: (messageId: string) => Promise<void>;
};
