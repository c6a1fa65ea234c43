import type { Call, NewPhoneCall } from "@earshot/sdk";
import { findAgentId } from "../agents/find-agent.ts";
import { type AddCommands, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { readBody } from "../nouns/read-data.ts";
import { findPhoneNumberId } from "../phone-numbers/find-phone-number.ts";
import { printResult } from "../terminal.ts";

type PlaceOptions = JsonOption & { readonly agent?: string; readonly from?: string; readonly data?: string };

/** Unlike `earshot call`, where the terminal is the caller: here an agent calls somebody. */
export const addPlaceCommand: AddCommands = (calls, { terminal, client, setExitCode }) => {
  calls
    .command("place <to>")
    .description("have an agent call a phone number")
    .option("--agent <name>", "who calls, by name or id (needed unless --data has an agent)")
    .option("--from <number>", "from this number (default: one of the agent's)")
    .option("--data <json>", "more of the call as JSON, e.g. variables: '{…}', @file.json, or -")
    .option(...JSON_OPTION)
    .action(async (to: string, { agent, from, data, json }: PlaceOptions) => {
      const call: NewPhoneCall = {
        ...(await readBody(data, terminal)),
        ...(agent === undefined ? {} : { agentId: await findAgentId(client, agent) }),
        ...(from === undefined ? {} : { fromNumberId: await findPhoneNumberId(client, from) }),
        to,
      };
      const placed = await client.calls.place(call);
      printResult(terminal, json, placed, () => describe(placed));
      if (placed.error !== undefined) setExitCode(1);
    });
};

function describe({ id, status, endReason, error }: Call): string {
  return [id, status, endReason, error].filter((part) => part !== undefined).join("  ");
}
