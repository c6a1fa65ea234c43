import type { Principal } from "../api-keys/scope.ts";

/** What middleware leaves for handlers. */
export type AppEnv = {
  Variables: {
    requestId: string;
    principal: Principal;
    /** Of the configuration; see `originOf`. */
    publicUrl: string | undefined;
  };
};
