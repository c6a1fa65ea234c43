/** Stores entries one after the other, and says so for each that is acknowledged, until it is killed. */
import { argv, stdout } from "node:process";
import { sql } from "drizzle-orm";
import { openDatabase } from "../database.ts";

const [, , dataDirectory = ""] = argv;
const { drizzle } = await openDatabase({ dataDirectory });
for (let n = 1; ; n++) {
  await drizzle.execute(sql`insert into nodes values (${`node_${n}`}, now(), now())`);
  stdout.write(`${n}\n`);
}
