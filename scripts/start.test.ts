import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findNodeComplaint } from "./node-version.mjs";

/** A clone with our real scripts and stand-ins for npm, Vite and the server. */
let clone: string;

const write = (path: string, content: string) => {
  mkdirSync(dirname(join(clone, path)), { recursive: true });
  writeFileSync(join(clone, path), content);
};

const lockFile = JSON.stringify({
  packages: {
    "": {},
    "packages/cli": { version: "0.1.0" },
    "node_modules/left-pad": { version: "1.3.0" },
    "node_modules/only-on-a-mac": { version: "2.0.0", optional: true },
  },
});
const installedList = (leftPad: string) =>
  JSON.stringify({ packages: { "node_modules/left-pad": { version: leftPad } } });

const npmThat = (script: string) => {
  write("bin/npm", `#!/bin/sh\n${script}\n`);
  chmodSync(join(clone, "bin/npm"), 0o755);
};

const run = (script: string, ...args: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(clone, "scripts", script), ...args], {
    env: { PATH: `${join(clone, "bin")}:/usr/bin:/bin` },
  });

async function outcomeOf(child: ChildProcessWithoutNullStreams) {
  const exit = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  return { stdout, stderr, exitCode };
}

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "earshot-start-"));
  mkdirSync(join(clone, "scripts"));
  for (const name of readdirSync(import.meta.dirname).filter((file) => file.endsWith(".mjs"))) {
    cpSync(join(import.meta.dirname, name), join(clone, "scripts", name));
  }
  write("package-lock.json", lockFile);
  write("node_modules/.package-lock.json", installedList("1.3.0"));
  mkdirSync(join(clone, "node_modules/node/bin"), { recursive: true });
  symlinkSync(process.execPath, join(clone, "node_modules/node/bin/node"));
  write("packages/cli/bin/earshot.mjs", 'console.log("args", ...process.argv.slice(2));');
  mkdirSync(join(clone, "packages/sdk"), { recursive: true });
  npmThat("echo npm was run; exit 99");
});

afterEach(() => rmSync(clone, { recursive: true, force: true }));

describe("npm start", () => {
  it("starts the server and says nothing of its own when all is ready", async () => {
    const outcome = await outcomeOf(run("start.mjs", "--port", "9"));
    expect(outcome).toEqual({ stdout: "args start --port 9\n", stderr: "", exitCode: 0 });
  });

  it("runs the server on the pinned Node", async () => {
    rmSync(join(clone, "node_modules/node/bin/node"));
    write("node_modules/node/bin/node", `#!/bin/sh\nPINNED=yes exec "${process.execPath}" "$@"\n`);
    chmodSync(join(clone, "node_modules/node/bin/node"), 0o755);
    write("packages/cli/bin/earshot.mjs", "console.log(process.env.PINNED);");
    expect((await outcomeOf(run("start.mjs"))).stdout).toBe("yes\n");
  });

  it("returns the server's exit code", async () => {
    write("packages/cli/bin/earshot.mjs", "process.exitCode = 7;");
    expect((await outcomeOf(run("start.mjs"))).exitCode).toBe(7);
  });

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)(
    "hands %s on to the server and waits for its goodbye",
    async (signal) => {
      write(
        "packages/cli/bin/earshot.mjs",
        `process.on("${signal}", () => { console.log("bye"); process.exit(3); }); console.log("up"); setInterval(() => {}, 1000);`,
      );
      const child = run("start.mjs");
      child.stdout.once("data", () => child.kill(signal));
      expect(await outcomeOf(child)).toMatchObject({ stdout: "up\nbye\n", exitCode: 3 });
    },
  );

  it("ends with 128 + the signal that killed the server", async () => {
    write("packages/cli/bin/earshot.mjs", 'process.kill(process.pid, "SIGKILL");');
    expect((await outcomeOf(run("start.mjs"))).exitCode).toBe(137);
  });

  it("installs when a package is missing that is not optional", async () => {
    write("node_modules/.package-lock.json", '{"packages":{}}');
    npmThat("echo npm was run");
    expect((await outcomeOf(run("start.mjs"))).stdout).toBe("npm was run\nargs start\n");
  });

  it("installs what package-lock.json asks for before it starts", async () => {
    write("node_modules/.package-lock.json", installedList("1.2.0"));
    npmThat(`echo "npm $1 with onnxruntime: $ONNXRUNTIME_NODE_INSTALL"`);
    const outcome = await outcomeOf(run("start.mjs"));
    expect(outcome.stdout).toBe("npm ci with onnxruntime: skip\nargs start\n");
    expect(outcome.stderr).toContain("Installing packages");
  });

  it("installs into a clone that has nothing", async () => {
    rmSync(join(clone, "node_modules"), { recursive: true });
    npmThat(`mkdir -p node_modules/node/bin && ln -s ${process.execPath} node_modules/node/bin/node`);
    expect(await outcomeOf(run("start.mjs"))).toMatchObject({ stdout: "args start\n", exitCode: 0 });
  });
});

describe("a failed install", () => {
  it.each([
    ["npm error code ENOTFOUND", "registry is out of reach"],
    ["npm error code EAI_AGAIN", "registry is out of reach"],
    ["npm error code ENOSPC", "disk is full"],
    ["npm error code EACCES", "may not be written"],
    ["npm error something else", "npm ci"],
  ])("after %j says what to do and starts nothing", async (npmSays, sentence) => {
    write("node_modules/.package-lock.json", "{ half a file");
    npmThat(`echo "${npmSays}" >&2; exit 1`);
    const outcome = await outcomeOf(run("start.mjs"));
    expect(outcome.stderr).toContain(sentence);
    expect(outcome).toMatchObject({ stdout: "", exitCode: 1 });
  });

  it("says that npm is missing where it is", async () => {
    rmSync(join(clone, "node_modules"), { recursive: true });
    const child = spawn(process.execPath, [join(clone, "scripts/start.mjs")], { env: { PATH: "/nonexistent" } });
    expect((await outcomeOf(child)).stderr).toContain("npm is not installed");
  });
});

describe("the page", () => {
  const vite =
    'import { mkdirSync, writeFileSync } from "node:fs"; mkdirSync("dist", { recursive: true }); writeFileSync("dist/index.html", "");';
  const web = 'import { mkdirSync } from "node:fs"; mkdirSync("dist", { recursive: true });';

  beforeEach(() => {
    write("packages/dashboard/index.html", "");
    write("packages/dashboard/src/main.tsx", "");
    write("packages/web/scripts/build.ts", web);
    write("node_modules/vite/bin/vite.js", vite);
    write("node_modules/vite/package.json", '{"type":"module"}');
  });

  it("is built before the first start, and not again", async () => {
    expect((await outcomeOf(run("ensure-ready.mjs"))).stderr).toBe("Building the page …\n");
    expect(await outcomeOf(run("ensure-ready.mjs"))).toEqual({ stdout: "", stderr: "", exitCode: 0 });
  });

  it("is built again when a part of it is gone", async () => {
    await outcomeOf(run("ensure-ready.mjs"));
    rmSync(join(clone, "packages/web/dist"), { recursive: true });
    expect((await outcomeOf(run("ensure-ready.mjs"))).stderr).toBe("Building the page …\n");
  });

  it("is built again when a source is newer than it", async () => {
    write("packages/dashboard/dist/index.html", "");
    write("packages/web/dist/earshot.js", "");
    utimesSync(join(clone, "packages/dashboard/dist/index.html"), 1, 1);
    write("node_modules/vite/bin/vite.js", 'console.log("built");');
    expect((await outcomeOf(run("ensure-ready.mjs"))).stdout).toBe("built\n");
  });

  it("stops the start when it can't be built", async () => {
    write("node_modules/vite/bin/vite.js", "process.exitCode = 1;");
    const outcome = await outcomeOf(run("start.mjs"));
    expect(outcome.stderr).toContain("could not be built");
    expect(outcome).toMatchObject({ stdout: "", exitCode: 1 });
  });
});

describe("the system's Node", () => {
  it("may be any from 20 on", () => {
    expect(findNodeComplaint("20.0.0")).toBeUndefined();
    expect(findNodeComplaint("26.1.0")).toBeUndefined();
  });

  it("is named when it is too old, with what to do", () => {
    expect(findNodeComplaint("18.19.1")).toContain("needs Node 20 or newer");
    expect(findNodeComplaint("18.19.1")).toContain("this is Node 18.19.1");
  });
});
