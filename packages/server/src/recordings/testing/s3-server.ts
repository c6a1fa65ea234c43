import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
// @ts-expect-error It has no types.
import S3rver from "s3rver";
import type { S3Settings } from "../s3-settings.ts";

type Rver = new (
  options: object,
) => {
  callback(): (request: object, response: object) => void;
  configureBuckets(): Promise<unknown>;
  close(): void;
};

export type S3Server = {
  readonly settings: S3Settings;
  /** What it answers instead while it is down: nothing. */
  isDown: boolean;
  /** Whether it loses the last byte of what is put there. */
  readonly requests: string[];
  close(): Promise<void>;
};

/** A server that speaks S3 and checks signatures, on loopback. */
export async function startS3Server(): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "earshot-s3-"));
  const options = { silent: true, directory, vhostBuckets: false, configureBuckets: [{ name: "recordings" }] };
  const rver = new (S3rver as Rver)(options);
  await rver.configureBuckets();
  const handle = rver.callback();
  const requests: string[] = [];
  const server: Server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url?.split("?")[0]}`);
    if (started.isDown) request.socket.destroy();
    else handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const started: S3Server = {
    settings: {
      bucket: "recordings",
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      prefix: "earshot/",
      credentials: { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" },
    },
    isDown: false,
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
  return started;
}
