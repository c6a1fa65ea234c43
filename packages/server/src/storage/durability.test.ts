import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openDatabase } from "./database.ts";
import { openEmbeddedForTest } from "./testing/each-database.ts";

/** Rows, each acknowledged by itself. */
const KILL_AFTER = 100;
const WRITER = fileURLToPath(new URL("./testing/append-until-killed.ts", import.meta.url));

test("a process that is killed while it writes loses nothing that was acknowledged", async () => {
  const { database, dataDirectory, dispose } = await openEmbeddedForTest();
  await database.close();
  const writer = spawn(process.execPath, [WRITER, dataDirectory], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  await new Promise<void>((resolve) => {
    writer.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split("\n").length > KILL_AFTER) writer.kill("SIGKILL");
    });
    writer.once("close", () => resolve());
  });
  const acknowledged = output.split("\n").length - 1;
  const reopened = await openDatabase({ dataDirectory });
  const { rows } = await reopened.pool.query("select count(*)::int as stored from nodes");
  expect(rows[0].stored).toBeGreaterThanOrEqual(acknowledged);
  await reopened.close();
  await dispose();
}, 180_000);
