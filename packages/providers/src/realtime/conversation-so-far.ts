import type { Message, ToolCall } from "@earshot/engine";

/** Enough to go on with a call of an hour; the oldest make room. */
const MAX_ENTRIES = 200;

type AgentEntry = { text: string; wasCutOff: boolean; readonly toolCalls: ToolCall[] };

/** What was said in a call, so that another connection can go on with it. Entries are filled in as their words come. */
export class ConversationSoFar {
  #entries: { read: () => readonly Message[] }[] = [];

  constructor(history: readonly Message[]) {
    this.add(history);
  }

  add(messages: readonly Message[]): void {
    for (const message of messages) this.#push(() => [message]);
  }

  /** The caller has said something; the words come later. */
  addCaller(): { setText: (text: string) => void } {
    let text = "";
    this.#push(() => (text === "" ? [] : [{ role: "caller", text }]));
    return {
      setText: (words) => {
        text = words;
      },
    };
  }

  /** The agent says something; `entry` is filled in by who hears it. */
  addAgent(): AgentEntry {
    const entry: AgentEntry = { text: "", wasCutOff: false, toolCalls: [] };
    this.#push(() => {
      const { text, wasCutOff, toolCalls } = entry;
      if (text === "" && toolCalls.length === 0) return [];
      return [
        {
          role: "agent",
          text: text.trim(),
          ...(wasCutOff ? { wasCutOff } : {}),
          ...(toolCalls.length > 0 ? { toolCalls: [...toolCalls] } : {}),
        },
      ];
    });
    return entry;
  }

  messages(): readonly Message[] {
    return this.#entries.flatMap((entry) => entry.read());
  }

  #push(read: () => readonly Message[]): void {
    this.#entries.push({ read });
    if (this.#entries.length > MAX_ENTRIES) this.#entries = this.#entries.slice(-MAX_ENTRIES);
  }
}

export type { AgentEntry };
