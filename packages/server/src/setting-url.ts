import { z } from "zod";

/** A setting that is a URL of one of these protocols. */
export const url = (protocols: readonly string[]) =>
  z
    .string()
    .refine((value) => URL.canParse(value), `must be a URL such as ${protocols[0]}://host:port/path`)
    .refine(
      (value) => !URL.canParse(value) || protocols.includes(new URL(value).protocol.slice(0, -1)),
      `must begin with ${protocols.map((protocol) => `${protocol}://`).join(" or ")}`,
    );

export const httpUrl = url(["http", "https"]);
