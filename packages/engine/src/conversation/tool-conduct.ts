/** How the conversation bears with a tool while it runs. */
export type ToolConduct = {
  /** The model goes on at once, and tells the result when it comes. Default: the caller waits. */
  readonly isAsync?: true;
  /**
   * Said while the caller waits: the first when nothing was said by `FILLER_AFTER_MS`, each further one after
   * `FILLER_AGAIN_AFTER_MS`. Default: silence.
   */
  readonly fillers?: readonly string[];
};

/** Of a wait in which the agent has said nothing yet. */
export const FILLER_AFTER_MS = 600;
/** After words of the agent, in the same wait. */
export const FILLER_AGAIN_AFTER_MS = 6_000;
