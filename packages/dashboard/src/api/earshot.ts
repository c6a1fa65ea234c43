import { Earshot } from "@earshot/sdk";

/** The API of the server that this page came from; the browser adds the session's cookie. */
export const earshot = new Earshot({ baseUrl: location.origin });
