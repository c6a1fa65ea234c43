import { useEffect, useRef } from "react";
import type { LiveCall } from "./live-call.ts";

/** How much of the level each bar shows: the middle moves most. */
const BARS = [0.45, 0.75, 1, 0.75, 0.45] as const;

/** The microphone's loudness, drawn with every frame of the screen and without React. */
export function LevelMeter({ call, isOn }: { call: LiveCall; isOn: boolean }) {
  const meter = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!isOn) return;
    let shown = 0;
    let request = requestAnimationFrame(function draw() {
      shown = Math.max(call.level, shown * 0.86);
      meter.current?.style.setProperty("--level", shown.toFixed(3));
      request = requestAnimationFrame(draw);
    });
    return () => cancelAnimationFrame(request);
  }, [call, isOn]);
  return (
    <span ref={meter} className="level-meter" data-is-on={isOn} aria-hidden="true">
      {BARS.map((share, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars never change places
        <i key={index} style={{ "--share": share }} />
      ))}
    </span>
  );
}

declare module "react" {
  interface CSSProperties {
    "--share"?: number;
  }
}
