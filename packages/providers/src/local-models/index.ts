export type { LocalModel, LocalModelFamily } from "./local-model.ts";
