/** Node's `fetch`, or what a test puts in its place. */
export type FetchFunction = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
