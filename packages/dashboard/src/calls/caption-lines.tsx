import type { CaptionLine, Captions } from "@earshot/web";
import { useEffect, useRef } from "react";

/** Pixels that the controls cover at the bottom of the window. */
const DOCK_HEIGHT = 128;
/** New words scroll the page only for those who are reading the newest: within this many pixels of them. */
const FOLLOW_WITHIN = 400;

/** The conversation as it is said and heard. */
export function CaptionLines({ captions, isLive }: { captions: Captions; isLive: boolean }) {
  const end = useRef<HTMLDivElement>(null);
  const { lines } = captions;
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new word scrolls
  useEffect(() => {
    const below = (end.current?.getBoundingClientRect().bottom ?? 0) - innerHeight + DOCK_HEIGHT;
    if (isLive && below > 0 && below < FOLLOW_WITHIN) end.current?.scrollIntoView({ block: "end" });
  }, [isLive, lines]);
  return (
    <>
      <ol className="captions" role="log" aria-label="Captions">
        {lines.map((line) => (
          <li key={lineKey(line)} className="caption" data-role={line.role} data-state={lineState(line)}>
            <Line line={line} />
          </li>
        ))}
      </ol>
      {isLive && captions.agent.state === "thinking" && (
        <p className="caption-thinking" aria-hidden="true">
          <i /> <i /> <i />
        </p>
      )}
      {isLive && lines.length === 0 && <p className="captions-empty">What you both say appears here.</p>}
      <div ref={end} className="captions-end" />
    </>
  );
}

function Line({ line }: { line: CaptionLine }) {
  switch (line.role) {
    case "caller":
      return (
        <>
          <span className="caption-who">You</span>
          <p className="caption-text">
            {line.utterances.map(({ utteranceId, text, isFinal }) => (
              <span key={utteranceId} className={isFinal ? undefined : "is-partial"}>
                {text === "" ? "…" : text}{" "}
              </span>
            ))}
          </p>
        </>
      );
    case "agent":
      return (
        <>
          <span className="caption-who">Agent</span>
          <p className="caption-text">
            {line.text}
            {line.state === "talking" && <span className="caption-more"> …</span>}
            {line.state === "cut-off" && <span className="caption-cut"> — cut off</span>}
          </p>
        </>
      );
    case "tool":
      return (
        <p className="caption-note">
          {line.name} · {line.state === "running" ? "running…" : line.state}
        </p>
      );
    case "note":
      return <p className="caption-note">{line.text}</p>;
  }
}

function lineState(line: CaptionLine): string | undefined {
  return line.role === "agent" || line.role === "tool" ? line.state : undefined;
}

function lineKey(line: CaptionLine): string {
  switch (line.role) {
    case "caller":
      return `caller ${line.atMs}`;
    case "agent":
      return `agent ${line.replyId}`;
    case "tool":
      return `tool ${line.toolCallId}`;
    case "note":
      return `note ${line.atMs} ${line.text}`;
  }
}
