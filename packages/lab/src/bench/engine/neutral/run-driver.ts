import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type DriverOrder = {
  readonly label: string;
  readonly engine: string;
  readonly calls: number;
  /** Default 1; "each" is a process a call. */
  readonly processes?: number | "each";
  readonly options?: Readonly<Record<string, string>>;
  readonly windowSeconds: number;
};

/** What is read of the driver's report; the whole of it goes to the file of results. */
export type DriverReport = {
  readonly turns: number;
  readonly overheadOrdinaryMs: { readonly p50: number; readonly p95: number; readonly p99: number };
  readonly bargeStopMs: { readonly p50: number | null; readonly max: number | null };
  readonly bargeMissed: number;
  readonly missed: number;
  readonly wrong: number;
  readonly duplicates: number;
  readonly cpuPerCallMin: number;
  readonly mainThreadPerCallMin: number;
  readonly coresUsed: number;
  readonly othersCores: number;
  readonly rssPerCallMb: number;
  readonly eldP99: number;
};

export type DriverRun = { readonly order: DriverOrder; readonly report: DriverReport };

/**
 * Has the driver play its scenario to one engine, in processes of their own.
 * @throws Error with the end of what the driver said when it gave no report
 */
export async function runDriver(copy: string, order: DriverOrder): Promise<DriverRun> {
  const directory = await mkdtemp(join(tmpdir(), "earshot-bench-run-"));
  const out = join(directory, "run.jsonl");
  const { label, engine, calls, processes = 1, options = {}, windowSeconds } = order;
  const args = ["--label", label, "--engine", engine, "--n", String(calls), "--procs", String(processes)];
  for (const [name, value] of Object.entries(options)) args.push("--opt", `${name}=${value}`);
  args.push("--window", String(windowSeconds), "--out", out);
  const driver = spawn(process.execPath, [join(copy, "src", "run.ts"), ...args], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const stop = () => driver.kill("SIGTERM");
  process.once("exit", stop);
  let said = "";
  driver.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = `${said}${text}`.slice(-2_000);
  });
  try {
    await once(driver, "exit");
    const report = await readFile(out, "utf8").catch(() => "");
    if (report === "") throw new Error(`The driver gave no report of ${label} at ${calls} calls: ${said}`);
    return { order, report: JSON.parse(report) as DriverReport };
  } finally {
    process.removeListener("exit", stop);
    await rm(directory, { recursive: true, force: true });
  }
}
