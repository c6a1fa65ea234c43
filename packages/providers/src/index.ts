export * from "./embedded/index.ts";
export * from "./language-models/index.ts";
export * from "./local-models/index.ts";
export * from "./realtime/index.ts";
export * from "./receptionist/index.ts";
