import type { LiveCallState } from "./live-call.ts";
import type { Turn } from "./turns.ts";

/** What is left of a call: its length, its pace and its recording. */
export function CallSummary({ state }: { state: LiveCallState }) {
  const { call, callId, journal } = state;
  const recordingUrl = `/v1/calls/${encodeURIComponent(callId ?? "")}/recording`;
  const median = medianMs(journal.turns);
  return (
    <section className="call-summary" aria-labelledby="summary-title">
      <h2 id="summary-title">This call</h2>
      <dl>
        {call?.durationMs !== undefined && (
          <div>
            <dt>Duration</dt>
            <dd>{toClock(call.durationMs)}</dd>
          </div>
        )}
        {median !== undefined && (
          <div>
            <dt>Median response</dt>
            <dd>{median} ms</dd>
          </div>
        )}
      </dl>
      {call === undefined && callId !== undefined && state.notice === undefined && (
        <p className="call-summary-wait" role="status">
          Finishing the recording…
        </p>
      )}
      {call?.recordingUrl !== undefined && (
        <>
          {/* biome-ignore lint/a11y/useMediaCaption: the transcript stands beside it */}
          <audio controls preload="metadata" src={recordingUrl} aria-label="Recording of the call" />
          <a href={recordingUrl} download={`${callId}.wav`}>
            Download the recording
          </a>
        </>
      )}
      {call !== undefined && call.recordingUrl === undefined && (
        <p className="call-summary-wait">This call was not recorded.</p>
      )}
    </section>
  );
}

function medianMs(turns: readonly Turn[]): number | undefined {
  const sorted = turns.map(({ responseMs }) => responseMs).sort((a, b) => a - b);
  const middle = sorted[sorted.length >> 1];
  if (middle === undefined) return undefined;
  const lower = sorted[(sorted.length - 1) >> 1] ?? middle;
  return Math.round((middle + lower) / 2);
}

function toClock(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
