import type { AgentSettings } from "../agents/agent.ts";

type Spoken = Pick<AgentSettings, "tools" | "transfers" | "voicemail">;

/** The agent with what its tools have said aloud, or tell others, in the words of this call. */
export function fillSpoken<Settings extends Spoken>(agent: Settings, fill: (text: string) => string): Settings {
  const { message: left } = agent.voicemail;
  return {
    ...agent,
    tools: agent.tools.map((tool) =>
      tool.kind === "webhook" && tool.executionMessage !== undefined
        ? { ...tool, executionMessage: fill(tool.executionMessage) }
        : tool,
    ),
    transfers: agent.transfers.map(({ message, briefing, ...transfer }) => ({
      ...transfer,
      ...(message === undefined ? {} : { message: fill(message) }),
      ...(briefing === undefined ? {} : { briefing: fill(briefing) }),
    })),
    voicemail: { ...agent.voicemail, ...(left === undefined ? {} : { message: fill(left) }) },
  };
}
