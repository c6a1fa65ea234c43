import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from "node:crypto";

/** Keeps secrets unreadable in the database. */
export type Vault = {
  /** @param context what the secret belongs to, such as an endpoint's id: it opens under the same context only */
  seal(secret: string, context: string): string;
  /** @throws Error when it was sealed under another key or context, or was changed */
  open(sealed: string, context: string): string;
  /** HMAC-SHA256 in hex: proves later that the text was ours. @param context what it is for: others can't be mixed in */
  sign(text: string, context: string): string;
};

const FORMAT = "v1";
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM. `sealed` is "v1." and iv, tag and text in base64url. @param key 32 bytes */
export function createVault(key: Uint8Array): Vault {
  if (key.length !== 32) throw new RangeError("the key must have 32 bytes");
  return {
    seal(secret, context) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
      const text = Buffer.concat([cipher.update(secret, "utf8"), cipher.final()]);
      return `${FORMAT}.${Buffer.concat([iv, cipher.getAuthTag(), text]).toString("base64url")}`;
    },
    open(sealed, context) {
      const [format, data = ""] = sealed.split(".", 2);
      const bytes = Buffer.from(data, "base64url");
      if (format !== FORMAT || bytes.length < IV_BYTES + TAG_BYTES) throw new Error("not a sealed secret");
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(context)).setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString("utf8");
    },
    sign(text, context) {
      const own = createHmac("sha256", key).update(`earshot sign ${context}`).digest();
      return createHmac("sha256", own).update(text).digest("hex");
    },
  };
}

/** Key bytes from a configured secret of any length. */
export function toVaultKey(secret: string): Uint8Array {
  return createHash("sha256").update(`earshot vault ${secret}`).digest();
}
