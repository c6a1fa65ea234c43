import type { Clock } from "../../clock.ts";
import type { Params } from "../message/params.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { formatDigestHeader, parseDigestHeader } from "./auth-header.ts";
import { type DigestAlgorithm, type DigestSecret, digestResponse, findAlgorithm, isSameDigest } from "./digest.ts";
import { NonceDesk } from "./nonce-desk.ts";

export type AuthVerdict =
  | { readonly kind: "accepted"; readonly username: string }
  /** Answer with `status` and `headers`: the sender may try again. */
  | {
      readonly kind: "challenge";
      readonly reason: "no_credentials" | "stale_nonce" | "wrong_credentials";
      readonly status: 401 | 407;
      readonly headers: Readonly<Record<string, readonly string[]>>;
    };

/** Finds what proves a user's password, or undefined when there is no such user. */
export type FindSecret = (username: string) => DigestSecret | undefined | Promise<DigestSecret | undefined>;

type DigestServerOptions = {
  readonly clock: Clock;
  readonly realm: string;
  /**
   * Offered in this order. Default MD5 alone: phones of before RFC 8760, such as baresip 1.0, give up on a challenge
   * that offers anything else beside it.
   */
  readonly algorithms?: readonly DigestAlgorithm[];
  /** How long a nonce serves. Default 5 minutes. */
  readonly nonceLifeMs?: number;
  /** Nonces remembered for their counts. Default 10,000. */
  readonly maxNonces?: number;
  /** True: challenges are 407, as a proxy's. Default false. */
  readonly isProxy?: boolean;
};

/**
 * Checks who sends a request (RFC 7616, RFC 8760, RFC 3261 section 22). An unknown user costs what a known one does.
 */
export class DigestServer {
  readonly #options: DigestServerOptions;
  readonly #nonces: NonceDesk;

  constructor(options: DigestServerOptions) {
    this.#options = options;
    this.#nonces = new NonceDesk({
      clock: options.clock,
      ...(options.nonceLifeMs !== undefined && { lifeMs: options.nonceLifeMs }),
      ...(options.maxNonces !== undefined && { maxUsed: options.maxNonces }),
    });
  }

  async check(request: SipRequest, findSecret: FindSecret): Promise<AuthVerdict> {
    const params = this.#credentials(request);
    if (!params) return this.#challenge("no_credentials");
    const proof = this.#read(params, request);
    if (!proof) return this.#challenge("wrong_credentials");
    const nonce = this.#nonces.check(proof.nonce);
    if (nonce !== "good") return this.#challenge(nonce === "stale" ? "stale_nonce" : "no_credentials");
    const secret = await findSecret(proof.username);
    const expected = digestResponse({ ...proof, secret: secret ?? { password: this.#nonces.issue() } });
    const isRight = isSameDigest(expected, params.get("response")?.toLowerCase() ?? "");
    if (!isRight || secret === undefined) return this.#challenge("wrong_credentials");
    const count = proof.qop === undefined ? undefined : Number.parseInt(proof.nc, 16);
    if (!this.#nonces.use(proof.nonce, count)) return this.#challenge("stale_nonce");
    return { kind: "accepted", username: proof.username };
  }

  #credentials(request: SipRequest): Params | undefined {
    const name = this.#options.isProxy ? "proxy-authorization" : "authorization";
    for (const value of request.headers.all(name)) {
      const params = parseDigestHeader(value);
      if (params?.get("realm") === this.#options.realm) return params;
    }
    return undefined;
  }

  /** The credentials in order, or undefined when they can't be right. */
  #read(params: Params, { method, body, uri: requestUri }: SipRequest) {
    const algorithm = findAlgorithm(params.get("algorithm"));
    const username = params.get("username");
    const uri = params.get("uri");
    const nonce = params.get("nonce");
    const qop = readQop(params.get("qop"));
    const nc = params.get("nc") ?? "";
    const cnonce = params.get("cnonce") ?? "";
    if (algorithm === undefined || !this.#algorithms.includes(algorithm)) return undefined;
    if (username === undefined || uri === undefined || nonce === undefined) return undefined;
    if (qop === "unknown" || (qop !== undefined && !/^[0-9a-f]{8}$/i.test(nc))) return undefined;
    if (!isSameUri(uri, requestUri)) return undefined;
    const { realm } = this.#options;
    return { algorithm, username, realm, method, uri, nonce, nc, cnonce, body, ...(qop !== undefined && { qop }) };
  }

  get #algorithms(): readonly DigestAlgorithm[] {
    return this.#options.algorithms ?? ["MD5"];
  }

  #challenge(reason: "no_credentials" | "stale_nonce" | "wrong_credentials"): AuthVerdict {
    const { realm, isProxy = false } = this.#options;
    const nonce = this.#nonces.issue();
    const stale = reason === "stale_nonce" ? "true" : undefined;
    const offers = this.#algorithms.map((algorithm) =>
      formatDigestHeader({ realm, nonce, algorithm, qop: "auth", stale }, false),
    );
    const name = isProxy ? "proxy-authenticate" : "www-authenticate";
    return { kind: "challenge", reason, status: isProxy ? 407 : 401, headers: { [name]: offers } };
  }
}

function readQop(text: string | undefined): "auth" | "auth-int" | "unknown" | undefined {
  const qop = text?.toLowerCase();
  return qop === undefined || qop === "auth" || qop === "auth-int" ? qop : "unknown";
}

/** Proxies add a port or parameters to the Request-URI on its way: the user and host must be the same. */
function isSameUri(signed: string, received: string): boolean {
  const core = (uri: string) =>
    uri
      .replace(/[;?].*$/s, "")
      .replace(/:\d+$/, "")
      .toLowerCase();
  return core(signed) === core(received);
}
