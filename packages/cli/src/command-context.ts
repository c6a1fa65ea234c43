import type { Earshot } from "@earshot/sdk";
import type { Command } from "commander";
import type { Terminal } from "./terminal.ts";

/** What every command works with. */
export type CommandContext = {
  readonly terminal: Terminal;
  readonly client: Earshot;
  /** What the process ends with; 0 unless a command says otherwise. */
  readonly setExitCode: (code: number) => void;
};

export type AddCommands = (parent: Command, context: CommandContext) => void;

export type JsonOption = { readonly json?: true };
export const JSON_OPTION = ["--json", "print exactly one JSON object on standard output"] as const;
