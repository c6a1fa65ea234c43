const REASONS: Readonly<Record<string, string>> = {
  "caller-hung-up": "You hung up.",
  "agent-hung-up": "The agent ended the call.",
  "silence-timeout": "The call ended because nothing was said for a while.",
  voicemail: "An answering machine picked up.",
  "max-duration": "The call reached its longest allowed duration.",
  "daily-limit": "The limit of the day was reached.",
  "api-request": "The call was ended through the API.",
  "connection-lost": "The connection was lost and could not be restored in time.",
  "provider-failure": "A speech or language model stopped answering.",
  "server-shutdown": "The server was shut down during the call.",
  "server-crash": "The server stopped unexpectedly during the call.",
  internal: "Something went wrong on the server.",
};

/** Why a call ended, in a sentence for its caller. */
export function endReasonSentence(reason: string | undefined): string {
  if (reason === undefined) return "The call ended.";
  return REASONS[reason] ?? `The call ended (${reason}).`;
}
