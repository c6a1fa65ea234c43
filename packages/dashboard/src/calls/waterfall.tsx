import { useState } from "react";
import { segmentName, TURN_SEGMENTS, type Turn, type TurnSegment } from "./turns.ts";
import "./waterfall.css";

/** The bars of all turns share one scale, so that a slow turn looks slow. */
const MIN_SCALE_MS = 1000;

/** How long the caller waited for each reply, and for what. */
export function Waterfall({ turns }: { turns: readonly Turn[] }) {
  const scaleMs = Math.max(MIN_SCALE_MS, ...turns.map(({ responseMs }) => responseMs));
  return (
    <section className="waterfall" aria-labelledby="waterfall-title">
      <h2 id="waterfall-title">Response time</h2>
      {turns.length === 0 ? (
        <p className="waterfall-empty">From your last word to the agent's first sound, for each turn.</p>
      ) : (
        <ol>
          {turns.map((turn, index) => (
            <TurnRow key={turn.replyId} turn={turn} number={index + 1} scaleMs={scaleMs} />
          ))}
        </ol>
      )}
    </section>
  );
}

function TurnRow({ turn, number, scaleMs }: { turn: Turn; number: number; scaleMs: number }) {
  const [isOpen, setOpen] = useState(false);
  const [pointed, setPointed] = useState<TurnSegment>();
  const { segments, responseMs, savedMs } = turn;
  return (
    <li className="turn">
      <button type="button" className="turn-row" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <span className="turn-label">
          <span>
            {pointed === undefined ? `Turn ${number}` : `${segmentName(pointed)} · ${toMs(segments[pointed])}`}
          </span>
          <span className="turn-total">{toMs(responseMs)}</span>
        </span>
        <span className="turn-bar" aria-hidden="true" onPointerLeave={() => setPointed(undefined)}>
          {TURN_SEGMENTS.filter((segment) => segments[segment] > 0).map((segment) => (
            <span
              key={segment}
              className="turn-segment"
              data-segment={segment}
              title={`${segmentName(segment)}: ${toMs(segments[segment])}`}
              style={{ width: `${(100 * segments[segment]) / scaleMs}%` }}
              onPointerEnter={() => setPointed(segment)}
            />
          ))}
        </span>
      </button>
      {isOpen && (
        <dl className="turn-segments">
          {TURN_SEGMENTS.map((segment) => (
            <div key={segment}>
              <dt>
                <span className="turn-segment" data-segment={segment} />
                {segmentName(segment)}
              </dt>
              <dd>{toMs(segments[segment])}</dd>
            </div>
          ))}
          {savedMs !== undefined && (
            <div>
              <dt>Saved by beginning early</dt>
              <dd>{toMs(savedMs)}</dd>
            </div>
          )}
        </dl>
      )}
    </li>
  );
}

function toMs(ms: number): string {
  return `${Math.round(ms)} ms`;
}
