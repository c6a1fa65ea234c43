import { runCommandLine } from "../src/program.ts";

export type RunAgainstOptions = {
  env?: Record<string, string | undefined>;
  isLive?: boolean;
  stdin?: string;
  interrupted?: AbortSignal;
  onErr?: (text: string) => unknown;
};

/** Runs a command in this process against a server. */
export async function runAgainst(url: string, args: readonly string[], options: RunAgainstOptions = {}) {
  let stdout = "";
  let stderr = "";
  const code = await runCommandLine(args, {
    env: { EARSHOT_URL: url, ...options.env },
    readIn: async () => options.stdin ?? "",
    writeOut: (text) => {
      stdout += text;
    },
    writeErr: (text) => {
      stderr += text;
      options.onErr?.(text);
    },
    isLive: options.isLive ?? false,
    listenForInterrupt: () => options.interrupted ?? new AbortController().signal,
  });
  return { code, stdout, stderr };
}
