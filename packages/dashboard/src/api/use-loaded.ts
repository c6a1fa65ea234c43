import { EarshotError } from "@earshot/sdk";
import { useCallback, useEffect, useState } from "react";

export type Loaded<Data> =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly error: EarshotError }
  | { readonly status: "ready"; readonly data: Data };

/** Loads once and again on `reload`. `load` must keep its identity between renders. */
export function useLoaded<Data>(load: (signal: AbortSignal) => Promise<Data>): [Loaded<Data>, () => void] {
  const [loaded, setLoaded] = useState<Loaded<Data>>({ status: "loading" });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new attempt is a reason to load again
  useEffect(() => {
    const aborting = new AbortController();
    setLoaded({ status: "loading" });
    load(aborting.signal).then(
      (data) => setLoaded({ status: "ready", data }),
      (cause: unknown) => {
        if (!aborting.signal.aborted) setLoaded({ status: "failed", error: toEarshotError(cause) });
      },
    );
    return () => aborting.abort();
  }, [load, attempt]);
  return [loaded, useCallback(() => setAttempt((count) => count + 1), [])];
}

function toEarshotError(cause: unknown): EarshotError {
  if (cause instanceof EarshotError) return cause;
  return new EarshotError("The server's answer could not be read.", { code: "unreadable", cause });
}
