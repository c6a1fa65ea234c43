import type { Step, TransactionOutput } from "../transaction/machine.ts";
import { nameOf } from "./fake-wire.ts";

/** One line for one step of a transaction machine: its phase, then what it asks for. */
export function describeStep({ state, outputs }: Step<{ readonly phase: string }>): string {
  return `${state.phase}: ${outputs.map(describeOutput).join(", ")}`.trim();
}

function describeOutput(output: TransactionOutput): string {
  switch (output.kind) {
    case "send":
      return `send ${output.message.kind === "request" ? nameOf(output.message) : output.message.status}`;
    case "start-timer":
      return `start ${output.timer} ${output.delayMs}`;
    case "stop-timer":
      return `stop ${output.timer}`;
    case "deliver":
      return `deliver ${output.response.status}`;
    case "failed":
      return `failed ${output.reason}`;
    case "ended":
      return "ended";
  }
}
