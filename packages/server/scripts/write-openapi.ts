/** Writes openapi/earshot.json from the shapes that check the requests. */
import { writeFile } from "node:fs/promises";
import { openApiPath, renderApi } from "../src/api/testing/render-api.ts";

await writeFile(openApiPath, await renderApi());
