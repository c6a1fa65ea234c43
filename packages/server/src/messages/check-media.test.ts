import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createUrlGuard } from "../outbound-http/guard-url.ts";
import { checkMedia } from "./check-media.ts";

const guard = createUrlGuard({ allow: ["127.0.0.1"] });
/** Answers `/4000000/image/png` with that length and type. */
const server = createServer(({ url = "" }, response) => {
  const [, bytes = "", ...type] = url.split("/");
  if (bytes === "gone") response.writeHead(404).end();
  else response.writeHead(200, { "Content-Length": bytes, "Content-Type": type.join("/") }).end();
});
let origin = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await guard.close();
  server.close();
});

const look = (...paths: readonly string[]) =>
  checkMedia(
    guard,
    paths.map((path) => (path.startsWith("/") ? `${origin}${path}` : path)),
  );

it("has nothing against attachments of five megabytes together", async () => {
  expect(await look("/4000000/image/png", "/1000000/video/mp4")).toBeUndefined();
});

it.each([
  [["/4000000/image/png", "/1000001/image/png"], "mediaUrls.1: attachments must be at most 5 MB together"],
  [["/gone"], "mediaUrls.0: can't be fetched: it answered with status 404"],
  [["/10/"], "mediaUrls.0: must say its Content-Type, such as image/png"],
  [["http://192.168.0.1/a.png"], "mediaUrls.0: can't be fetched: "],
])("says what is wrong with %j", async (paths, wrong) => {
  expect(await look(...paths)).toContain(wrong);
});
