import type { operations } from "./generated/openapi.ts";

type Given<Operation extends keyof operations> = NonNullable<operations[Operation]["parameters"]["query"]>;

/** What a request of the API can be asked for; what is undefined is not sent. */
export type QueryOf<Operation extends keyof operations> = {
  readonly [Name in keyof Given<Operation>]?: Given<Operation>[Name] | undefined;
};
