import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { existsSync, readFileSync } from "node:fs";
import { createServer, Server } from "node:net";
import { env } from "node:process";

const FOLDERS = ["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"];

function findProgram(program: string): string | undefined {
  return FOLDERS.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));
}

/** Why a test can't run with this program here, or undefined when it can. */
export function whyMissing(program: string, debianPackage: string): string | undefined {
  if (findProgram(program) !== undefined) return undefined;
  const reason = `${program} is not installed here (Debian package ${debianPackage})`;
  if (env["EARSHOT_TEST_REQUIRE_ALL"] === "1") throw new Error(`EARSHOT_TEST_REQUIRE_ALL is set, but ${reason}`);
  return reason;
}

/**
 * A port nobody listens on, for a program that can't choose one itself: free for UDP and TCP, and below the range that
 * the system hands out to whoever asks for any.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    if ((await isFree(port, "tcp")) && (await isFree(port, "udp"))) return port;
  }
}

async function isFree(port: number, protocol: "tcp" | "udp"): Promise<boolean> {
  const socket = protocol === "tcp" ? createServer() : createSocket("udp4");
  const opened = new Promise<boolean>((resolve) => {
    socket.once("error", () => resolve(false));
    socket.once("listening", () => resolve(true));
  });
  if (socket instanceof Server) socket.listen(port, "127.0.0.1");
  else socket.bind(port, "127.0.0.1");
  const isOpen = await opened;
  if (isOpen) await new Promise<void>((resolve) => socket.close(() => resolve()));
  return isOpen;
}

/** Resolves once some program has the port open, UDP or TCP. Rejects after 20 s. */
export async function untilBound(port: number): Promise<void> {
  const end = performance.now() + 20_000;
  const local = new RegExp(`^\\s*\\d+: [0-9A-F]+:${port.toString(16).toUpperCase().padStart(4, "0")} `, "m");
  while (performance.now() < end) {
    const tables = ["udp", "tcp", "udp6", "tcp6"].map((name) => readFileSync(`/proc/net/${name}`, "utf8"));
    if (tables.some((table) => local.test(table))) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Nobody opened port ${port}`);
}

/** A program under way, what it has written, and how it ended. */
export type RunningPeer = {
  readonly output: () => string;
  /** Resolves once the output matches. Rejects when it ends first. */
  readonly until: (pattern: RegExp) => Promise<void>;
  readonly ended: Promise<number | null>;
  readonly process: ChildProcess;
  stop(): Promise<void>;
};

export function runPeer(program: string, args: readonly string[], cwd: string): RunningPeer {
  const child = spawn(program, args, {
    cwd,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...env, HOME: cwd, TERM: "dumb" },
  });
  let output = "";
  const watchers = new Set<() => void>();
  const note = (bytes: Buffer) => {
    output = `${output}${bytes.toString("utf8")}`.slice(-100_000);
    for (const watcher of watchers) watcher();
  };
  child.stdout.on("data", note);
  child.stderr.on("data", note);
  const ended = new Promise<number | null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("close", (code) => resolve(code));
  });
  return {
    output: () => output,
    ended,
    process: child,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        ended
          .then(() => reject(new Error(`${program} ended before ${pattern}:\n${output.slice(-2_000)}`)))
          .catch(reject);
      }),
    async stop() {
      child.kill("SIGTERM");
      const insist = setTimeout(() => child.kill("SIGKILL"), 1_500);
      await ended;
      clearTimeout(insist);
    },
  };
}

/** A certificate for 127.0.0.1 that signs itself, PEM. */
export function makeCertificate(folder: string): { cert: string; key: string } {
  const [certFile, keyFile] = [`${folder}/cert.pem`, `${folder}/key.pem`];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1,DNS:sip.test"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync(
    findProgram("openssl") ?? "openssl",
    ["req", "-x509", ...curve, "-nodes", "-days", "2", ...subject, "-keyout", keyFile, "-out", certFile],
    {
      stdio: "ignore",
    },
  );
  return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8") };
}
