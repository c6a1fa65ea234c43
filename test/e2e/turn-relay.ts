/** coturn, a TURN server, as a process of the test's own. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { networkInterfaces } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import { freePort } from "./running-server.ts";

const PROGRAM = "/usr/bin/turnserver";
const START_LIMIT_MS = 10_000;

/** Why tests with a relay can't run here, or undefined when they can. */
export function whyNoRelay(): string | undefined {
  if (!existsSync(PROGRAM)) return missing("coturn is not installed (Debian package coturn)");
  // A browser uses no relay on loopback.
  if (outerAddress() === undefined) return missing("this machine has no IPv4 address but loopback");
  return undefined;
}

function missing(reason: string): string {
  if (process.env["EARSHOT_TEST_REQUIRE_ALL"] === "1")
    throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

export type TurnRelay = { readonly host: string; readonly port: number; stop(): Promise<void> };

/** @param users as coturn's settings name them: a secret that is shared, or one user */
export async function startTurnRelay(
  users: { readonly secret: string } | { readonly username: string; readonly password: string },
): Promise<TurnRelay> {
  const host = outerAddress() ?? "127.0.0.1";
  const port = await freePort();
  const who =
    "secret" in users
      ? ["--use-auth-secret", `--static-auth-secret=${users.secret}`]
      : ["--lt-cred-mech", `--user=${users.username}:${users.password}`];
  const child = spawn(
    PROGRAM,
    [
      ...["-n", `--listening-ip=${host}`, `--relay-ip=${host}`, `--listening-port=${port}`, "--realm=earshot.test"],
      ...["--min-port=50000", "--max-port=59999", "--no-cli", "--no-tls", "--no-dtls", "--fingerprint"],
      ...["--log-file=stdout", "--pidfile=/dev/null", ...who],
    ],
    { stdio: "ignore" },
  );
  await untilListening(child, { host, port });
  return {
    ...{ host, port },
    async stop() {
      if (child.exitCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function untilListening(
  child: ChildProcess,
  at: { readonly host: string; readonly port: number },
): Promise<void> {
  const giveUpAt = performance.now() + START_LIMIT_MS;
  while (performance.now() < giveUpAt && child.exitCode === null) {
    if (await canConnect(at)) return;
    await pause(20);
  }
  child.kill("SIGKILL");
  throw new Error(`coturn does not listen on ${at.host}:${at.port}`);
}

async function canConnect(at: { readonly host: string; readonly port: number }): Promise<boolean> {
  const socket = createConnection(at);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

function outerAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}
