/** Numbers of carriers, and ranges of trunks. */
import type { AddedPhoneNumbers, AvailablePhoneNumber } from "@earshot/sdk";
import type { Command } from "commander";
import { findAgentId } from "../agents/find-agent.ts";
import { type AddCommands, type CommandContext, JSON_OPTION, type JsonOption } from "../command-context.ts";
import { toTable } from "../table.ts";
import { printResult } from "../terminal.ts";
import { findPhoneNumberId } from "./find-phone-number.ts";

type SearchOptions = JsonOption & {
  readonly country?: string;
  readonly kind?: "local" | "tollFree" | "mobile";
  readonly areaCode?: string;
  readonly contains?: string;
  readonly capabilities?: string;
};
type ReleaseOptions = JsonOption & { readonly keepAtCarrier?: boolean };
type AddOptions = JsonOption & { readonly agent?: string; readonly name?: string };

export const addCarrierNumberCommands: AddCommands = (numbers, context) => {
  addRelease(numbers, context);
  addSearch(numbers, context);
  const { terminal, client } = context;
  addTo(numbers, "buy <account> <number>", "buy a number from a carrier: it costs what the carrier charges").action(
    async (carrierAccountId: string, phoneNumber: string, { json, ...options }: AddOptions) => {
      const bought = await client.phoneNumbers.buy({
        ...{ carrierAccountId, phoneNumber },
        ...(await answeredBy(context, options)),
      });
      printResult(terminal, json, bought, () => `${bought.phoneNumber} is yours: ${bought.id}`);
    },
  );
  addTo(
    numbers,
    "import <account> [numbers...]",
    "add numbers that a carrier account has already (default: all)",
  ).action(async (carrierAccountId: string, phoneNumbers: string[], { json, ...options }: AddOptions) => {
    const some = phoneNumbers.length === 0 ? {} : { phoneNumbers };
    const settings = await answeredBy(context, options);
    const added = await client.phoneNumbers.import({ carrierAccountId, ...some, ...settings });
    printResult(terminal, json, added, () => describe(added));
  });
  addTo(numbers, "range <trunk> <from> <to>", "add a trunk's numbers, from one to another").action(
    async (sipTrunkId: string, from: string, to: string, { json, ...options }: AddOptions) => {
      const added = await client.phoneNumbers.addRange({
        sipTrunkId,
        from,
        to,
        ...(await answeredBy(context, options)),
      });
      printResult(terminal, json, added, () => describe(added));
    },
  );
};

function addRelease(numbers: Command, { terminal, client }: CommandContext): void {
  numbers
    .command("release <phone-number>")
    .description("give it up for good; its calls and messages stay")
    .option("--keep-at-carrier", "the carrier's account keeps it (default: unless it was bought here)")
    .option("--no-keep-at-carrier", "give it back to the carrier, also where it was imported")
    .option(...JSON_OPTION)
    .action(async (typed: string, { keepAtCarrier, json }: ReleaseOptions) => {
      const id = await findPhoneNumberId(client, typed);
      const released = await client.phoneNumbers.release(id, keepAtCarrier === undefined ? {} : { keepAtCarrier });
      printResult(terminal, json, released, () => `${released.phoneNumber} is released.`);
    });
}

function addSearch(numbers: Command, { terminal, client }: CommandContext): void {
  numbers
    .command("search <account>")
    .description("search the numbers that a carrier sells")
    .option("--country <code>", "ISO 3166-1, e.g. GB (default US)")
    .option("--kind <kind>", "local (default), tollFree or mobile")
    .option("--area-code <digits>", "without a leading 0")
    .option("--contains <digits>", "part of the number")
    .option("--capabilities <list>", "what they must be good for, e.g. voice,sms (default voice)")
    .option(...JSON_OPTION)
    .action(async (carrierAccountId: string, { json, ...search }: SearchOptions) => {
      const data = await client.phoneNumbers.available({ carrierAccountId, ...search });
      printResult(terminal, json, { data }, () => toRows(data));
    });
}

function addTo(numbers: Command, words: string, about: string): Command {
  return numbers
    .command(words)
    .description(about)
    .option("--agent <name>", "who answers")
    .option("--name <name>", "what to call it")
    .option(...JSON_OPTION);
}

async function answeredBy({ client }: CommandContext, { agent, name }: AddOptions) {
  return {
    ...(agent === undefined ? {} : { agentId: await findAgentId(client, agent) }),
    ...(name === undefined ? {} : { name }),
  };
}

function toRows(numbers: readonly AvailablePhoneNumber[]): string {
  const rows = numbers.map(({ phoneNumber, locality = "", region = "", capabilities, monthlyCost }) => [
    ...[phoneNumber, [locality, region].filter((text) => text !== "").join(", "), capabilities.join(" ")],
    monthlyCost === undefined ? "" : `${monthlyCost.amount} ${monthlyCost.currency ?? ""}`.trim(),
  ]);
  return toTable(["NUMBER", "PLACE", "FOR", "A MONTH"], rows, "The carrier has no such numbers.");
}

function describe({ data, skipped }: AddedPhoneNumbers): string {
  const lines = skipped.map(({ phoneNumber, reason }) => `${phoneNumber} was skipped: ${reason}`);
  return [`${data.length} added.`, ...lines].join("\n");
}
