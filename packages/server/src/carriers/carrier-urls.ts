/** Where carriers reach us, under EARSHOT_PUBLIC_URL. */
import { AppError } from "../app-error.ts";

export const CARRIER_PATHS = "/carriers/";

export type CarrierUrls = {
  /** Asked what to do with a call. */
  readonly calls: string;
  /** Told how calls go on. */
  readonly callEvents: string;
  readonly messages: string;
  /** Told what became of a message of ours. */
  receipts(messageId: string): string;
};

/** @throws AppError `public_url_missing` */
export function toCarrierUrls(publicUrl: string | undefined, accountId: string): CarrierUrls {
  if (publicUrl === undefined)
    throw new AppError(
      "public_url_missing",
      "carriers can't reach this server: set EARSHOT_PUBLIC_URL to where it is known outside, and start it again",
    );
  const base = `${publicUrl}${CARRIER_PATHS}${accountId}`;
  return {
    calls: `${base}/calls`,
    callEvents: `${base}/calls/events`,
    messages: `${base}/messages`,
    receipts: (messageId) => `${base}/messages/${messageId}/receipts`,
  };
}
