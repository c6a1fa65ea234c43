import { randomBytes } from "node:crypto";
import type { Params } from "../message/params.ts";
import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import { formatDigestHeader, parseDigestHeader } from "./auth-header.ts";
import { type DigestAlgorithm, digestResponse, findAlgorithm } from "./digest.ts";

export type Credentials = {
  readonly username: string;
  readonly password: string;
  /** Only challenges of this realm are answered. Default: any. */
  readonly realm?: string;
};

export type ChallengeVerdict =
  /** Send the request again, with the headers of `authorize`. */
  | { readonly kind: "retry" }
  | { readonly kind: "give-up"; readonly reason: "no_credentials" | "wrong_credentials" | "unknown_challenge" };

type Challenge = {
  readonly isProxy: boolean;
  readonly realm: string;
  readonly nonce: string;
  readonly opaque?: string;
  readonly algorithm: DigestAlgorithm;
  readonly qop?: "auth" | "auth-int";
  /** Requests that used the nonce. */
  uses: number;
};

/** Challenges remembered per client; the oldest is forgotten. */
const MAX_CHALLENGES = 8;

/** Answers the challenges of servers and proxies, and remembers them for later requests (RFC 7616, RFC 3261 §22). */
export class DigestClient {
  readonly #credentials: readonly Credentials[];
  readonly #challenges = new Map<string, Challenge>();

  constructor(credentials: readonly Credentials[]) {
    this.#credentials = credentials;
  }

  /** Puts an answer to every remembered challenge on the request, in place of earlier ones. */
  authorize(request: SipRequest): void {
    const answers: Record<"authorization" | "proxy-authorization", string[]> = {
      authorization: [],
      "proxy-authorization": [],
    };
    for (const challenge of this.#challenges.values()) {
      const credentials = this.#find(challenge.realm);
      if (!credentials) continue;
      answers[challenge.isProxy ? "proxy-authorization" : "authorization"].push(
        answer(challenge, credentials, request),
      );
    }
    request.headers.set("authorization", answers.authorization);
    request.headers.set("proxy-authorization", answers["proxy-authorization"]);
  }

  /** Learns a 401 or 407. `attempt`: challenges met in a row for this request, from 1. */
  learn(response: SipResponse, attempt: number): ChallengeVerdict {
    const isProxy = response.status === 407;
    const name = isProxy ? "proxy-authenticate" : "www-authenticate";
    const offered = response.headers.all(name).flatMap((value) => toChallenge(value, isProxy) ?? []);
    if (offered.length === 0) return { kind: "give-up", reason: "unknown_challenge" };
    const usable = offered.filter(({ challenge }) => this.#find(challenge.realm) !== undefined);
    if (usable.length === 0) return { kind: "give-up", reason: "no_credentials" };
    let isNew = false;
    for (const { challenge, isStale } of strongestPerRealm(usable)) {
      const key = `${isProxy ? "proxy" : "server"} ${challenge.realm}`;
      const known = this.#challenges.get(key);
      // A first refusal of a remembered nonce may only mean that it is old; a second is about the password.
      if (!known || isStale || (attempt === 1 && known.nonce !== challenge.nonce)) isNew = true;
      this.#challenges.delete(key);
      this.#challenges.set(key, challenge);
    }
    while (this.#challenges.size > MAX_CHALLENGES) this.#challenges.delete([...this.#challenges.keys()][0] ?? "");
    if (isNew && attempt <= 4) return { kind: "retry" };
    return { kind: "give-up", reason: "wrong_credentials" };
  }

  /** Takes up the nonce that a server names for the next request (RFC 7616 section 3.5). */
  learnNextNonce(response: SipResponse): void {
    for (const isProxy of [false, true]) {
      const header = response.headers.get(isProxy ? "proxy-authentication-info" : "authentication-info");
      const nextNonce = header === undefined ? undefined : parseDigestHeader(`Digest ${header}`)?.get("nextnonce");
      if (nextNonce === undefined) continue;
      const of = [...this.#challenges].filter(([, challenge]) => challenge.isProxy === isProxy);
      const only = of.length === 1 ? of[0] : undefined;
      if (only) this.#challenges.set(only[0], { ...only[1], nonce: nextNonce, uses: 0 });
    }
  }

  #find(realm: string): Credentials | undefined {
    return this.#credentials.find((each) => each.realm === undefined || each.realm === realm);
  }
}

function answer(challenge: Challenge, { username, password }: Credentials, request: SipRequest): string {
  challenge.uses += 1;
  const { realm, nonce, opaque, algorithm, qop } = challenge;
  const nc = challenge.uses.toString(16).padStart(8, "0");
  const cnonce = randomBytes(12).toString("hex");
  const { method, uri, body } = request;
  const needsCnonce = qop !== undefined || algorithm.endsWith("-sess");
  const proof = { algorithm, username, realm, secret: { password }, method, uri, nonce, nc, cnonce, body };
  const response = digestResponse({ ...proof, ...(qop !== undefined && { qop }) });
  return formatDigestHeader(
    {
      username,
      realm,
      nonce,
      uri,
      response,
      algorithm,
      cnonce: needsCnonce ? cnonce : undefined,
      opaque,
      qop,
      nc: qop === undefined ? undefined : nc,
    },
    true,
  );
}

function toChallenge(value: string, isProxy: boolean): { challenge: Challenge; isStale: boolean } | undefined {
  const params = parseDigestHeader(value);
  const algorithm = findAlgorithm(params?.get("algorithm"));
  const realm = params?.get("realm");
  const nonce = params?.get("nonce");
  if (!params || algorithm === undefined || realm === undefined || nonce === undefined) return undefined;
  const qop = chooseQop(params);
  if (qop === "none offered is known") return undefined;
  const opaque = params.get("opaque");
  return {
    isStale: params.get("stale")?.toLowerCase() === "true",
    challenge: {
      isProxy,
      realm,
      nonce,
      algorithm,
      uses: 0,
      ...(opaque !== undefined && { opaque }),
      ...(qop !== undefined && { qop }),
    },
  };
}

function chooseQop(params: Params): "auth" | "auth-int" | "none offered is known" | undefined {
  const offered = params
    .get("qop")
    ?.toLowerCase()
    .split(/[\s,]+/);
  if (offered === undefined) return undefined;
  if (offered.includes("auth")) return "auth";
  return offered.includes("auth-int") ? "auth-int" : "none offered is known";
}

type Offered = { readonly challenge: Challenge; readonly isStale: boolean };

/** One challenge a realm: the first that isn't MD5, or the first. */
function strongestPerRealm(offered: readonly Offered[]): Offered[] {
  const chosen = new Map<string, Offered>();
  for (const each of offered) {
    const held = chosen.get(each.challenge.realm);
    const isStronger = held?.challenge.algorithm.startsWith("MD5") && !each.challenge.algorithm.startsWith("MD5");
    if (!held || isStronger) chosen.set(each.challenge.realm, each);
  }
  return [...chosen.values()];
}
