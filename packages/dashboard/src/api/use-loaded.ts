import { useCallback, useEffect, useState } from "react";
import { ApiError } from "./client.ts";

export type Loaded<Data> =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly error: ApiError }
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
        if (!aborting.signal.aborted) setLoaded({ status: "failed", error: toApiError(cause) });
      },
    );
    return () => aborting.abort();
  }, [load, attempt]);
  return [loaded, useCallback(() => setAttempt((count) => count + 1), [])];
}

function toApiError(cause: unknown): ApiError {
  if (cause instanceof ApiError) return cause;
  return new ApiError({ status: 0, code: "unreadable", message: "The server's answer could not be read.", cause });
}
