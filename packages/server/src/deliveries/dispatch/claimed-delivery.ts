import type { DialectName } from "../../webhooks/dialect-name.ts";
import type { DomainEvent } from "../../webhooks/domain-event.ts";
import type { DialectEndpoint } from "../../webhooks/webhook-dialect.ts";

/** A delivery that this node may attempt for now, with all that the attempt needs. */
export type ClaimedDelivery = {
  readonly id: string;
  /** Finished attempts. */
  readonly attempts: number;
  /** Absent before the first attempt. */
  readonly body: string | undefined;
  readonly expiresAtMs: number;
  readonly event: DomainEvent;
  readonly endpoint: DialectEndpoint & {
    readonly dialect: DialectName;
    readonly sealedSecret: string | undefined;
    readonly failures: number;
  };
};

/** What came of one attempt, before anything is decided about the next. */
export type Attempt = {
  readonly outcome: "succeeded" | "failed" | "gone" | "undeliverable" | "not_told";
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly body?: string;
  readonly requestHeaders?: Readonly<Record<string, string>>;
  readonly responseStatus?: number;
  /** At most 4 kB. */
  readonly responseBody?: string;
  readonly error?: string;
  /** From the header Retry-After. */
  readonly retryAfterMs?: number;
};

/** What is stored after an attempt. */
export type DeliveryResult = {
  readonly delivery: ClaimedDelivery;
  readonly attempt: Attempt;
  /** "dropped": this API doesn't tell such events; the row goes. */
  readonly status: "pending" | "delivered" | "failed" | "dropped";
  readonly nextAttemptAtMs: number | undefined;
};

/** How an endpoint's attempts went: of one batch, in order. */
export type EndpointNews = {
  readonly endpointId: string;
  readonly hasSucceeded: boolean;
  /** Failures after the last success, or all. */
  readonly trailingFailures: number;
  readonly isGone: boolean;
};
