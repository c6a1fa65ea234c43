/** Links to recordings that need no key, for a while. */
import { timingSafeEqual } from "node:crypto";
import type { Vault } from "../secrets/vault.ts";

export type SignedRecording = {
  readonly callId: string;
  /** Unix seconds. */
  readonly expiresAtS: number;
  /** 64 hex digits. */
  readonly signature: string;
};

/** @param link `expiresAtS`: unix seconds */
export function signRecording(vault: Vault, link: Omit<SignedRecording, "signature">): SignedRecording {
  return { ...link, signature: vault.sign(`${link.callId} ${link.expiresAtS}`, CONTEXT) };
}

/** Whether the link was made here and still holds. */
export function isValidRecordingLink(vault: Vault, link: SignedRecording, nowMs: number): boolean {
  const { signature } = signRecording(vault, link);
  const wanted = Buffer.from(signature);
  const given = Buffer.from(link.signature);
  const isOurs = wanted.length === given.length && timingSafeEqual(wanted, given);
  return isOurs && link.expiresAtS * 1000 > nowMs;
}

const CONTEXT = "recording link";
