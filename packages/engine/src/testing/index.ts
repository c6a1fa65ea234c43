export * from "./fake-clock.ts";
export * from "./memory-journal.ts";
export * from "./play-script.ts";
export * from "./scripted-call.ts";
export * from "./scripted-caller.ts";
export * from "./scripted-models.ts";
export * from "./scripted-realtime.ts";
