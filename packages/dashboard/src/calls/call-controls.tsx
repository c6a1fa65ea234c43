import { useEffect, useState } from "react";
import { HangUpIcon, KeypadIcon, MicrophoneIcon, MutedIcon } from "../design/icons.tsx";
import { Keypad } from "./keypad.tsx";
import { LevelMeter } from "./level-meter.tsx";
import type { LiveCall, LiveCallState } from "./live-call.ts";

/** What the caller can do during a call. */
export function CallControls({ state, call }: { state: LiveCallState; call: LiveCall }) {
  const [isKeypadOpen, setKeypadOpen] = useState(false);
  const isConnected = state.phase === "talking";
  const isMuted = state.microphone === "muted";
  useEffect(() => {
    if (!isKeypadOpen) return;
    const close = (event: KeyboardEvent) => {
      if (event.key === "Escape") setKeypadOpen(false);
    };
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isKeypadOpen]);
  return (
    <>
      {isKeypadOpen && <Keypad onDigit={(digit) => call.pressDigit(digit)} isEnabled={isConnected} />}
      <div className="call-controls">
        <LevelMeter call={call} isOn={isConnected && state.microphone === "on"} />
        <button
          type="button"
          className="button is-round"
          aria-pressed={isMuted}
          aria-label="Mute the microphone"
          title={isMuted ? "Unmute" : "Mute"}
          disabled={state.microphone === "lost" || state.phase === "asking-microphone"}
          onClick={() => call.setMuted(!isMuted)}
        >
          {isMuted ? <MutedIcon /> : <MicrophoneIcon />}
        </button>
        <button
          type="button"
          className="button is-round"
          aria-expanded={isKeypadOpen}
          aria-label="Keypad"
          title="Keypad"
          onClick={() => setKeypadOpen(!isKeypadOpen)}
        >
          <KeypadIcon />
        </button>
        <button type="button" className="button is-danger" onClick={() => call.hangUp()}>
          <HangUpIcon />
          {state.phase === "asking-microphone" ? "Cancel" : "Hang up"}
        </button>
      </div>
    </>
  );
}
