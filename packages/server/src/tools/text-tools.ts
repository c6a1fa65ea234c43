/** An agent's tools where it writes instead of speaking: those that need a call are left out, and some do otherwise. */
import { END_CALL_TOOL, type ToolDefinition, type ToolOutcome } from "@earshot/engine";
import type { AgentSettings } from "../agents/agent.ts";
import type { AgentTool } from "../agents/agent-tool.ts";
import { parsePhoneNumber } from "../phone-numbers/parse-phone-number.ts";
import { textArgument } from "./parse-arguments.ts";
import { rememberTool } from "./remember.ts";
import { toToolDefinitions } from "./to-tool-definitions.ts";
import { failed, succeeded } from "./tool-outcome.ts";
import { toolsOf } from "./tools-of.ts";

type Transfers = AgentSettings["transfers"];

/** Without a call there are no keys, no voicemail and no recording. */
const CALLS_ONLY: readonly AgentTool["kind"][] = ["sendDigits", "voicemail", "pauseRecording", "resumeRecording"];

const MESSAGE = {
  type: "object",
  properties: {
    body: { type: "string", description: "The text." },
    to: { type: "string", description: "A number in E.164. Never that of whom you are writing with." },
  },
  required: ["body", "to"],
} as const;

/** Why a tool isn't offered in text messages; undefined when it is. */
export function whyNotInText(tool: AgentTool, { transfers }: Pick<AgentSettings, "transfers">): string | undefined {
  if (CALLS_ONLY.includes(tool.kind)) return "needs a call";
  if (tool.kind === "transfer" && tellable(transfers).length === 0) return "has no phone number that it could tell";
  return undefined;
}

/** What the model is told of an agent's tools. Placeholders stand for those of MCP servers. */
export function toTextTools(agent: AgentSettings): ToolDefinition[] {
  // Every agent that writes has the tool to write; here it would only write twice.
  const isOwn = (tool: AgentTool) => tool.kind !== "sendMessage" || agent.tools.includes(tool);
  const offered = toolsOf(agent).filter((tool) => isOwn(tool) && whyNotInText(tool, agent) === undefined);
  const definitions = offered.flatMap((tool) => {
    const [plain, ...more] = toToolDefinitions(agent, [tool]);
    return plain === undefined ? [] : [{ ...plain, ...inText(tool, agent) }, ...more];
  });
  return [...definitions, ...rememberTool(agent)];
}

/**
 * Nobody can be put through: the model learns whom to name.
 * @returns the number to tell, from the agent's own transfers
 */
export function runTextTransfer({ transfers }: Pick<AgentSettings, "transfers">, given: string): ToolOutcome {
  const numbers = tellable(transfers);
  const wanted = textArgument(given, "destination");
  const [only] = numbers.length === 1 ? numbers : [];
  const target = numbers.find(({ destination }) => destination === wanted) ?? only;
  if (target !== undefined)
    return succeeded(`Nobody is put through in a text conversation. Tell them to call ${target.destination}.`);
  return failed(`\`destination\` must be one of ${numbers.map(({ destination }) => destination).join(", ")}.`);
}

/** Whether it is the call for the end, after which nothing more is said. */
export function isEnd(tool: { readonly name: string }): boolean {
  return tool.name === END_CALL_TOOL;
}

function inText(tool: AgentTool, { transfers }: Pick<AgentSettings, "transfers">): Partial<ToolDefinition> {
  switch (tool.kind) {
    case "transfer":
      return { description: `${tool.description} By text: gives the number to call.`, parameters: whom(transfers) };
    case "endCall":
      return {
        description:
          "Ends the conversation: what you write along with it is sent as the last word, and nothing when you write " +
          "nothing. Call it when there is nothing left to say.",
      };
    case "sendMessage":
      return {
        description: "Sends a text message to somebody else. Whom you write with has your answer.",
        parameters: MESSAGE,
      };
    default:
      return {};
  }
}

function whom(transfers: Transfers): ToolDefinition["parameters"] {
  const numbers = tellable(transfers);
  const description = numbers.map((transfer) => `${transfer.destination}: ${transfer.description}`).join("\n");
  const destination = { type: "string", enum: numbers.map((transfer) => transfer.destination), description };
  return { type: "object", properties: { destination }, required: ["destination"] };
}

/** A SIP address is nothing to tell somebody who holds a telephone. */
function tellable(transfers: Transfers): Transfers {
  return transfers.filter(({ destination }) => parsePhoneNumber(destination) !== undefined);
}
