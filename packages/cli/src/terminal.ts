/** Where a command reads its settings and writes its results: the process, or a test. */
export type Terminal = {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Everything on standard input. */
  readonly readIn: () => Promise<string>;
  /** Results. With --json exactly one object and nothing else. */
  readonly writeOut: (text: string) => unknown;
  /** Everything else. */
  readonly writeErr: (text: string) => unknown;
  /** Somebody watches: progress is shown as it happens. */
  readonly isLive: boolean;
  /** From now on the first Ctrl-C aborts the signal instead of ending the process; the second ends it. */
  readonly listenForInterrupt: () => AbortSignal;
};

/** Prints one JSON object, or with `isJson` unset the text made of it. */
export function printResult(
  terminal: Terminal,
  isJson: boolean | undefined,
  result: object,
  toText: () => string,
): void {
  const text = isJson ? JSON.stringify(result) : toText();
  terminal.writeOut(text === "" || text.endsWith("\n") ? text : `${text}\n`);
}

export function printNote(terminal: Terminal, note: string): void {
  terminal.writeErr(`${note}\n`);
}
