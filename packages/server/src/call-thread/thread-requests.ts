/** What a call asks of the main thread, where the database is, and what it is answered. */

import type { ToolOutcome, TransferOrder } from "@earshot/engine";
import type { PlacedTransfer } from "../calls/place-transfer.ts";
import type { LookUp } from "../knowledge/look-up.ts";

const NO_KNOWLEDGE: ToolOutcome = { outcome: "failed", result: "Nothing can be looked up at the moment." };

export type ThreadRequest =
  | { readonly type: "send-message"; readonly message: { readonly to?: string; readonly body: string } }
  | { readonly type: "look-up"; readonly wanted: LookUp }
  | { readonly type: "transfer"; readonly order: TransferOrder };

export type ThreadAnswer =
  | { readonly type: "send-message"; readonly outcome: ToolOutcome }
  | { readonly type: "look-up"; readonly outcome: ToolOutcome }
  | { readonly type: "transfer"; readonly placed: PlacedTransfer };

/** Answers the requests of calls. Never rejects. */
export interface AnswersRequests {
  sendMessage(callId: string, message: { readonly to?: string; readonly body: string }): Promise<ToolOutcome>;
  placeTransfer(callId: string, order: TransferOrder): Promise<PlacedTransfer>;
  lookUp(wanted: LookUp): Promise<ToolOutcome>;
}

export async function answerRequest(
  answers: AnswersRequests | undefined,
  callId: string,
  request: ThreadRequest,
): Promise<ThreadAnswer> {
  switch (request.type) {
    case "send-message": {
      const nobody: ToolOutcome = { outcome: "failed", result: "No message was sent: this node sends none." };
      return { type: request.type, outcome: (await answers?.sendMessage(callId, request.message)) ?? nobody };
    }
    case "look-up":
      return { type: request.type, outcome: (await answers?.lookUp(request.wanted)) ?? NO_KNOWLEDGE };
    case "transfer": {
      const nobody: PlacedTransfer = { outcome: "not-supported" };
      return { type: request.type, placed: (await answers?.placeTransfer(callId, request.order)) ?? nobody };
    }
  }
}

/** The call thread's side. As many are open as there are tools and transfers under way. */
export class ThreadRequests {
  readonly #send: (askId: number, callId: string, request: ThreadRequest) => void;
  readonly #open = new Map<number, (answer: ThreadAnswer) => void>();
  #askId = 0;

  constructor(send: (askId: number, callId: string, request: ThreadRequest) => void) {
    this.#send = send;
  }

  async sendMessage(callId: string, message: { readonly to?: string; readonly body: string }): Promise<ToolOutcome> {
    const answer = await this.#ask(callId, { type: "send-message", message });
    return answer.type === "send-message" ? answer.outcome : { outcome: "failed", result: "No message was sent." };
  }

  async lookUp(callId: string, wanted: LookUp): Promise<ToolOutcome> {
    const answer = await this.#ask(callId, { type: "look-up", wanted });
    return answer.type === "look-up" ? answer.outcome : NO_KNOWLEDGE;
  }

  async placeTransfer(callId: string, order: TransferOrder): Promise<PlacedTransfer> {
    const answer = await this.#ask(callId, { type: "transfer", order });
    return answer.type === "transfer" ? answer.placed : { outcome: "failed" };
  }

  settle(askId: number, answer: ThreadAnswer): void {
    this.#open.get(askId)?.(answer);
    this.#open.delete(askId);
  }

  #ask(callId: string, request: ThreadRequest): Promise<ThreadAnswer> {
    const askId = ++this.#askId;
    const { promise, resolve } = Promise.withResolvers<ThreadAnswer>();
    this.#open.set(askId, resolve);
    this.#send(askId, callId, request);
    return promise;
  }
}
