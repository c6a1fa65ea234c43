import { spawn } from "node:child_process";
import { root } from "./installed-packages.mjs";

const tellEveryMs = 10_000;
const keptOutputChars = 20_000;

/** Runs `npm ci` with signs of life. Resolves to whether it worked; when it didn't, the reason has been printed. */
export async function installPackages() {
  const startedAtMs = Date.now();
  console.error("Installing packages (once, 1.1 GB on disk) …");
  const sign = setInterval(() => {
    console.error(`  still installing, ${Math.round((Date.now() - startedAtMs) / 1000)} s`);
  }, tellEveryMs);
  const { code, output } = await runNpm(["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"]);
  clearInterval(sign);
  if (code === 0) {
    console.error(`Packages installed in ${Math.round((Date.now() - startedAtMs) / 1000)} s.`);
    return true;
  }
  console.error(`\nThe packages could not be installed (npm exit code ${code}). ${explain(output)}`);
  return false;
}

/**
 * @param {readonly string[]} args
 * @returns {Promise<{ code: number | string, output: string }>}
 */
function runNpm(args) {
  const npmScript = process.env["npm_execpath"];
  const isScript = npmScript !== undefined && /npm-cli\.(c|m)?js$/.test(npmScript);
  const [command, first] = isScript ? [process.execPath, [npmScript]] : ["npm", []];
  const npm = spawn(command, [...first, ...args], {
    cwd: root,
    stdio: ["ignore", "inherit", "pipe"],
    shell: !isScript && process.platform === "win32",
    env: { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip" },
  });
  let output = "";
  npm.stderr.setEncoding("utf8");
  npm.stderr.on("data", (text) => {
    process.stderr.write(text);
    output = (output + text).slice(-keptOutputChars);
  });
  return new Promise((resolve) => {
    npm.on("error", (error) => resolve({ code: 1, output: error.message }));
    npm.on("close", (code, signal) => resolve({ code: code ?? signal ?? 1, output }));
  });
}

/**
 * What to do about a failed install, from npm's own words.
 * @param {string} output
 */
export function explain(output) {
  if (/ENOTFOUND|EAI_AGAIN|ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENETUNREACH/.test(output)) {
    return "The package registry is out of reach: check the network or npm's proxy and registry settings, then try again.";
  }
  if (/ENOSPC/.test(output)) return "The disk is full: free some 2 GB, then try again.";
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return "This folder may not be written: give its owner to the user who runs this command, then try again.";
  }
  if (/spawn npm ENOENT/.test(output)) return "npm is not installed: install it beside Node, then try again.";
  if (/can only install packages when your package.json/.test(output)) {
    return "package.json and package-lock.json disagree: run `npm install`, then try again.";
  }
  return "npm's own words above say why; `npm ci` in this folder repeats it.";
}
