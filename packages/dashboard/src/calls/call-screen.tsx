import { useEffect, useRef, useSyncExternalStore } from "react";
import type { Agent } from "../agents/agent.ts";
import { BackIcon } from "../design/icons.tsx";
import { CallBanner } from "./call-banner.tsx";
import { CallControls } from "./call-controls.tsx";
import { callStatus } from "./call-status.ts";
import { CallSummary } from "./call-summary.tsx";
import { CaptionLines } from "./caption-lines.tsx";
import type { LiveCall } from "./live-call.ts";
import { Waterfall } from "./waterfall.tsx";
import "./call.css";

/** A call from the question for the microphone to its transcript. */
export function CallScreen(props: { agent: Agent; call: LiveCall; onTalkAgain: () => void; onLeave: () => void }) {
  const { agent, call, onTalkAgain, onLeave } = props;
  const state = useSyncExternalStore(
    (listener) => call.subscribe(listener),
    () => call.state,
  );
  const heading = useRef<HTMLHeadingElement>(null);
  const isAsking = state.phase === "asking-microphone";
  const isOver = state.phase === "ended" || state.phase === "failed";
  useEffect(() => {
    document.title = `${agent.name} – Earshot`;
    heading.current?.focus();
  }, [agent.name]);
  useEffect(() => {
    const hangUp = () => call.hangUp();
    addEventListener("pagehide", hangUp);
    return () => removeEventListener("pagehide", hangUp);
  }, [call]);
  const { captions, turns } = state.journal;
  return (
    <div className="call" data-phase={state.phase}>
      <header className="call-top">
        {isOver && (
          <button type="button" className="button call-back" onClick={onLeave}>
            <BackIcon />
            <span>Agents</span>
          </button>
        )}
        <div className="call-who">
          <h1 ref={heading} tabIndex={-1}>
            {agent.name}
          </h1>
          <p className="call-status" role="status" data-floor={captions.agent.state}>
            {callStatus(state)}
          </p>
        </div>
      </header>
      <main className="call-main">
        <section className="call-talk" aria-label="Conversation">
          <CallBanner state={state} call={call} />
          {state.phase === "failed" ? null : <CaptionLines captions={captions} isLive={state.phase === "talking"} />}
        </section>
        <aside className="call-side">
          {state.phase === "ended" && <CallSummary state={state} />}
          {!isAsking && state.phase !== "failed" && <Waterfall turns={turns} />}
        </aside>
      </main>
      <footer className="call-dock">
        {isOver ? (
          <button type="button" className="button is-primary" onClick={onTalkAgain}>
            {state.phase === "failed" ? "Try again" : "Talk again"}
          </button>
        ) : (
          <CallControls state={state} call={call} />
        )}
      </footer>
    </div>
  );
}
