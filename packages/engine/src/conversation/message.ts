/** What was said, as it was heard. An agent's message that was cut off ends where the caller stopped hearing it. */
export type Message =
  | { readonly role: "caller"; readonly text: string }
  | {
      readonly role: "agent";
      readonly text: string;
      readonly wasCutOff?: true;
      readonly toolCalls?: readonly ToolCall[];
    }
  | {
      readonly role: "tool";
      readonly toolCallId: string;
      readonly name: string;
      readonly outcome: "succeeded" | "failed";
      /** JSON text or plain words. */
      readonly result: string;
    }
  /** An order from the platform, not said by anybody: "the caller has been silent for ten seconds". */
  | { readonly role: "instruction"; readonly text: string };

export type ToolCall = {
  readonly id: string;
  readonly name: string;
  /** JSON text as the model wrote it; may be broken. */
  readonly arguments: string;
};
