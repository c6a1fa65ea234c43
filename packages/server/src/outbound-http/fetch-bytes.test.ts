import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { fetchBytes } from "./fetch-bytes.ts";
import { createUrlGuard } from "./guard-url.ts";

test("stops reading what is larger than allowed, however it is sent", async () => {
  const server = createServer((_, response) => {
    response.writeHead(200);
    for (let n = 0; n < 100; n++) response.write(Buffer.alloc(10_000));
    response.end();
  }).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const guard = createUrlGuard({ allow: ["127.0.0.1"], maxResponseBytes: 10_000_000 });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const get = (maxBytes: number) =>
    fetchBytes(guard, { url, field: "audioUrl", maxBytes }, AbortSignal.timeout(10_000));
  expect((await get(1_000_000)).length).toBe(1_000_000);
  await expect(get(500_000)).rejects.toMatchObject({
    code: "invalid_request",
    message: "audioUrl: can't be fetched: it is larger than 0.5 MB",
  });
  await guard.close();
  server.close();
});
