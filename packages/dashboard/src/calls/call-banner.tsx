import type { LiveCall, LiveCallState } from "./live-call.ts";

/** What the caller must know or do now. */
export function CallBanner({ state, call }: { state: LiveCallState; call: LiveCall }) {
  if (state.phase === "asking-microphone")
    return (
      <div className="call-ask">
        <h2>Allow the microphone</h2>
        <p>
          Your browser is asking for it now. Choose <strong>Allow</strong> so that the agent can hear you. What you say
          goes to this Earshot server, for this call only, and the microphone is released when you hang up.
        </p>
      </div>
    );
  if (state.phase === "failed")
    return (
      <div className="call-ask" role="alert">
        <h2>{state.failure?.title}</h2>
        <p>{state.failure?.fix}</p>
      </div>
    );
  return (
    <div className="call-banners" role="alert">
      {state.phase === "reconnecting" && (
        <p className="banner is-danger">
          The connection is lost. Trying to get it back; the call is kept for 20 seconds.
        </p>
      )}
      {state.microphone === "lost" && state.phase !== "ended" && (
        <div className="banner is-danger">
          <span>The microphone was disconnected: the agent can't hear you.</span>
          <button type="button" className="button" onClick={() => void call.replaceMicrophone()}>
            Use another
          </button>
        </div>
      )}
      {state.notice !== undefined && <p className="banner">{state.notice}</p>}
    </div>
  );
}
