import type { ToolOutcome } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import { parseArguments, textArgument } from "./parse-arguments.ts";
import { failed, succeeded } from "./tool-outcome.ts";

type Transfers = Pick<AgentSettings, "transfers">;

/** What a model must tell of a transfer. */
export function transferParameters({ transfers }: Transfers): Readonly<Record<string, unknown>> {
  const isWarm = transfers.some(({ mode, briefing }) => mode === "warm" && briefing === undefined);
  const destination = {
    type: "string",
    enum: transfers.map((transfer) => transfer.destination),
    description: transfers.map((transfer) => `${transfer.destination}: ${transfer.description}`).join("\n"),
  };
  const briefing = { type: "string", description: "One or two sentences for whoever answers: who calls, and why." };
  return {
    type: "object",
    properties: { ...(transfers.length > 1 ? { destination } : {}), ...(isWarm ? { briefing } : {}) },
    required: [...(transfers.length > 1 ? ["destination"] : []), ...(isWarm ? ["briefing"] : [])],
  };
}

/** To the destination named; where there is but one, to that. Nowhere else: a caller must not talk a model into it. */
export function runTransfer({ transfers }: Transfers, given: string): ToolOutcome {
  if (transfers.length === 0) return failed("The call was not transferred: there is nobody to transfer it to.");
  const wanted = textArgument(given, "destination");
  const [only] = transfers.length === 1 ? transfers : [];
  const target = transfers.find(({ destination }) => destination === wanted) ?? only;
  if (target === undefined || parseArguments(given) === undefined) {
    const known = transfers.map(({ destination }) => destination).join(", ");
    return failed(`The call was not transferred: \`destination\` must be one of ${known}.`);
  }
  const briefing = target.briefing ?? textArgument(given, "briefing");
  return {
    ...succeeded(""),
    order: {
      type: "transfer",
      destination: target.destination,
      mode: target.mode ?? "cold",
      ...(target.message === undefined ? {} : { say: target.message }),
      ...(briefing === "" ? {} : { briefing }),
    },
  };
}
