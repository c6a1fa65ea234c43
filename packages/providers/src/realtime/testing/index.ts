export { RealtimeServer, type RealtimeServerOptions } from "./realtime-server.ts";
export type { AnswerRequest, ServedAnswer } from "./served-answer.ts";
export type { ServedSession } from "./served-session.ts";
