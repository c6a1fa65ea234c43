/** What a process uses: memory by where it comes from, and CPU. Linux only. */
import { readFile } from "node:fs/promises";

/** USER_HZ, the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export type ResidentMemory = {
  readonly totalMb: number;
  /** Highest since the process began. */
  readonly peakMb: number;
  /** Heaps, models and everything else that is not a file. */
  readonly anonymousMb: number;
  /** Programs and libraries, which processes share. */
  readonly filesMb: number;
};

/** @throws Error where the system has no /proc or the process is gone */
export async function readResidentMemory(pid: number): Promise<ResidentMemory> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  const read = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(status)?.[1] ?? 0) / 1024;
  return {
    totalMb: read("VmRSS"),
    peakMb: read("VmHWM"),
    anonymousMb: read("RssAnon"),
    filesMb: read("RssFile") + read("RssShmem"),
  };
}

/** CPU that a process with all its threads has used. */
export async function readCpuSeconds(pid: number): Promise<number> {
  const line = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The process that does the work: `npm start` waits for it. */
export async function findChild(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  const [child] = children.trim().split(" ");
  return child === undefined || child === "" ? pid : Number(child);
}
