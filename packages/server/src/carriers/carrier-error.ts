import { AppError } from "../app-error.ts";
import { type CarrierProvider, PROVIDER_NAMES } from "../carrier-accounts/carrier-credentials.ts";

/**
 * `unauthorized`: the credentials are wrong; `refused`: what was asked for can't be had; `unreachable`: nothing was done,
 * it may be tried again; `uncertain`: it may have been done or not.
 */
type CarrierErrorKind = "unauthorized" | "not_found" | "refused" | "rate_limited" | "unreachable" | "uncertain";

/** A request to a carrier that failed, with the carrier's own words. */
export class CarrierError extends Error {
  override readonly name = "CarrierError";
  readonly provider: CarrierProvider;
  readonly kind: CarrierErrorKind;
  /** Of HTTP; absent without an answer. */
  readonly status: number | undefined;
  /** The carrier's own, e.g. "21211". */
  readonly code: string | undefined;

  constructor(options: {
    readonly provider: CarrierProvider;
    readonly kind: CarrierErrorKind;
    readonly text: string;
    readonly status?: number | undefined;
    readonly code?: string | undefined;
    readonly cause?: unknown;
  }) {
    const { provider, kind, text, status, code, cause } = options;
    const shownCode = code === undefined ? "" : ` (${code})`;
    super(`${PROVIDER_NAMES[provider]}: ${text}${shownCode}`, cause === undefined ? undefined : { cause });
    this.provider = provider;
    this.kind = kind;
    this.status = status;
    this.code = code;
  }

  /** It may work later as it is. */
  get isPassing(): boolean {
    return this.kind === "unreachable" || this.kind === "rate_limited";
  }
}

/** What the API's user is told; anything but a carrier's error is thrown on as it is. */
export function toCarrierProblem(error: unknown): unknown {
  if (!(error instanceof CarrierError)) return error;
  const { provider, code, isPassing, kind } = error;
  const details = { provider, ...(code === undefined ? {} : { carrierCode: code }) };
  const options = { details, cause: error };
  if (isPassing) return new AppError("carrier_unreachable", `${error.message}: try again later`, options);
  if (kind === "uncertain")
    return new AppError("carrier_unreachable", `${error.message}: whether it was done isn't known`, options);
  return new AppError("carrier_refused", error.message, options);
}
