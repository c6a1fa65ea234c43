/** The settings of the store of recordings; read with all others by config.ts. */
import { z } from "zod";
import { StartupError } from "./app-error.ts";
import type { S3Settings } from "./recordings/s3-settings.ts";
import { httpUrl } from "./setting-url.ts";

export const s3Environment = {
  EARSHOT_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, "must be the name of a bucket")
    .optional()
    .describe("Bucket of an S3-compatible store that recordings are kept in. Unset: they stay in the data folder."),
  EARSHOT_S3_ENDPOINT: httpUrl.optional().describe("URL of that store. Unset: Amazon's."),
  EARSHOT_S3_REGION: z.string().prefault("us-east-1").describe("Region of the bucket."),
  EARSHOT_S3_PREFIX: z.string().prefault("").describe("Before the name of each recording there, e.g. `earshot/`."),
  EARSHOT_S3_ACCESS_KEY: z
    .string()
    .optional()
    .describe("Key of the store. Unset: as the AWS SDK finds one, e.g. AWS_ACCESS_KEY_ID or the role of the machine."),
  EARSHOT_S3_SECRET_KEY: z.string().optional().describe("Secret of that key."),
};

/** @throws StartupError for half a key */
export function toS3(value: z.output<z.ZodObject<typeof s3Environment>>): S3Settings | undefined {
  const {
    EARSHOT_S3_BUCKET: bucket,
    EARSHOT_S3_ACCESS_KEY: accessKeyId,
    EARSHOT_S3_SECRET_KEY: secretAccessKey,
  } = value;
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined))
    throw new StartupError("EARSHOT_S3_ACCESS_KEY and EARSHOT_S3_SECRET_KEY belong together: set both or neither");
  if (bucket === undefined) return undefined;
  return {
    bucket,
    endpoint: value.EARSHOT_S3_ENDPOINT,
    region: value.EARSHOT_S3_REGION,
    prefix: value.EARSHOT_S3_PREFIX,
    credentials:
      accessKeyId === undefined || secretAccessKey === undefined ? undefined : { accessKeyId, secretAccessKey },
  };
}
