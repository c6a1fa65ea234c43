/** Which bucket recordings are kept in. */
export type S3Settings = {
  readonly bucket: string;
  /** Of a store that isn't Amazon's. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  /** Before each name, such as "earshot/". */
  readonly prefix: string;
  /** Absent: as the AWS SDK finds them, e.g. in the environment or from the machine's role. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
};
