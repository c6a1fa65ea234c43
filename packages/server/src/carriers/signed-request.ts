import type { CarrierAccess } from "../carrier-accounts/carrier-account.ts";
import { isSignedByPlivo } from "./plivo/signature.ts";
import { isSignedByTelnyx } from "./telnyx/signature.ts";
import { isSignedByTwilio } from "./twilio/signature.ts";
import { isSignedByVonage } from "./vonage/signature.ts";

/** A webhook as it came in. */
export type CarrierWebhook = {
  readonly method: "GET" | "POST";
  /** As the carrier was told it, with whatever query: EARSHOT_PUBLIC_URL and the path; wss: for sockets. */
  readonly url: string;
  /** Undefined where it is absent; names in whatever case. */
  readonly header: (name: string) => string | undefined;
  /** Byte for byte as it came. */
  readonly body: string;
};

/** Carriers send a webhook again for as long as a day. */
const VONAGE_TOLERANCE_S = 86_400;

/** Whether it comes from the carrier of the account, and is as the carrier sent it. */
export function isSignedByCarrier(access: CarrierAccess, webhook: CarrierWebhook, nowMs: number): boolean {
  const { method, url, header, body } = webhook;
  const nowS = Math.floor(nowMs / 1000);
  switch (access.provider) {
    case "twilio":
      return isSignedByTwilio(
        access.credentials.authToken,
        { url, fields: formOf(webhook), body },
        header("X-Twilio-Signature"),
      );
    case "telnyx": {
      const [signature, timestamp] = [header("telnyx-signature-ed25519"), header("telnyx-timestamp")];
      return isSignedByTelnyx(access.credentials.publicKey, { body, signature, timestamp }, { nowS });
    }
    case "plivo": {
      const nonce = header("X-Plivo-Signature-V3-Nonce");
      const signatures = [header("X-Plivo-Signature-V3"), header("X-Plivo-Signature-Ma-V3")];
      return isSignedByPlivo(access.credentials.authToken, { method, url, fields: formOf(webhook), nonce }, signatures);
    }
    case "vonage": {
      const query = [...new URL(url).searchParams];
      const signed = { authorization: header("Authorization"), body, query };
      return isSignedByVonage(access.credentials, signed, { nowS, toleranceS: VONAGE_TOLERANCE_S });
    }
  }
}

/** The fields of a form, in order; none of another body. */
export function formOf({ header, body }: Pick<CarrierWebhook, "header" | "body">): [string, string][] {
  const isForm = header("Content-Type")?.toLowerCase().startsWith("application/x-www-form-urlencoded") === true;
  return isForm ? [...new URLSearchParams(body)] : [];
}
