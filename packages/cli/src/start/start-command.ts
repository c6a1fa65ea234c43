import type { AddCommands } from "../command-context.ts";

export const addStartCommand: AddCommands = (program) => {
  program
    .command("start")
    .description("start the server (settings come from the environment: see docs)")
    .action(async () => {
      // Loaded only here: no other command needs the server.
      const { main } = await import("@earshot/server");
      await main();
    });
};
