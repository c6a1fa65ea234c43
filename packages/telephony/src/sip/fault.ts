import type { SipError } from "./message/sip-error.ts";
import type { NetworkFault, Source } from "./transport/network.ts";

/** Something worth a log line; nothing is lost but what it tells. */
export type UserAgentFault =
  | { readonly code: "malformed"; readonly message: string; readonly source: Source; readonly error: SipError }
  | { readonly code: "refused"; readonly message: string; readonly source: Source; readonly reason: string }
  | { readonly code: "network"; readonly message: string; readonly fault: NetworkFault }
  | { readonly code: "watcher_threw" | "internal"; readonly message: string; readonly error: unknown };
