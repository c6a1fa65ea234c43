import { CliError } from "../cli-error.ts";
import type { AddCommands } from "../command-context.ts";

export const addStartCommand: AddCommands = (program) => {
  program
    .command("start")
    .description("start the server (settings come from the environment: see docs)")
    .action(async () => {
      const packageName: string = "@earshot/server";
      const server: Readonly<Record<string, unknown>> = await import(packageName);
      const { main } = server;
      if (typeof main !== "function") throw new CliError("This installation has no server. Install Earshot again.");
      await main();
    });
};
