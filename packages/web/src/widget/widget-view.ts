import type { WidgetSettings } from "./widget-settings.ts";
import type { WidgetLook } from "./widget-status.ts";
import { WIDGET_STYLE } from "./widget-style.ts";

export type WidgetState = {
  readonly look: WidgetLook;
  readonly words: string;
  readonly isInCall: boolean;
  readonly isMuted: boolean;
};

const MICROPHONE =
  "M12 14a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3Zm5-3a5 5 0 0 1-10 0H5a7 7 0 0 0 6 6.9V21h2v-3.1A7 7 0 0 0 19 11h-2Z";
const HANG_UP = "M6 6h12v12H6z";

/** The widget's elements, apart from the page's own styles. */
export class WidgetView {
  readonly element = document.createElement("earshot-widget");
  readonly #frame = document.createElement("section");
  readonly #status = document.createElement("p");
  readonly #mute = document.createElement("button");
  readonly #talk = document.createElement("button");
  readonly #label = document.createElement("span");
  readonly #icon = document.createElementNS("http://www.w3.org/2000/svg", "path");
  readonly #settings: Pick<WidgetSettings, "label" | "theme" | "position">;

  constructor(
    settings: Pick<WidgetSettings, "label" | "theme" | "position">,
    orders: { readonly onTalk: () => void; readonly onMute: () => void },
  ) {
    this.#settings = settings;
    const root = this.element.attachShadow({ mode: "open" });
    const style = new CSSStyleSheet();
    style.replaceSync(WIDGET_STYLE);
    root.adoptedStyleSheets = [style];
    this.#frame.dataset["theme"] = settings.theme;
    this.#frame.dataset["position"] = settings.position;
    this.#frame.setAttribute("aria-label", settings.label);
    this.#status.setAttribute("role", "status");
    this.#mute.type = "button";
    this.#mute.className = "mute";
    this.#mute.addEventListener("click", orders.onMute);
    this.#talk.type = "button";
    this.#talk.className = "talk";
    this.#talk.addEventListener("click", orders.onTalk);
    const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    icon.setAttribute("viewBox", "0 0 24 24");
    icon.setAttribute("aria-hidden", "true");
    icon.append(this.#icon);
    this.#talk.append(icon, this.#label);
    this.#frame.append(this.#status, this.#mute, this.#talk);
    root.append(this.#frame);
    this.show({ look: "idle", words: "", isInCall: false, isMuted: false });
  }

  show({ look, words, isInCall, isMuted }: WidgetState): void {
    this.#frame.dataset["state"] = look;
    if (this.#status.textContent !== words) this.#status.textContent = words;
    this.#status.hidden = words === "";
    this.#mute.hidden = !isInCall;
    this.#mute.textContent = isMuted ? "Unmute" : "Mute";
    this.#mute.setAttribute("aria-pressed", String(isMuted));
    this.#label.textContent = isInCall ? "Hang up" : this.#settings.label;
    this.#icon.setAttribute("d", isInCall ? HANG_UP : MICROPHONE);
  }

  /** Loudness of the agent, 0 to 1. */
  showVolume(level: number): void {
    this.#frame.style.setProperty("--volume", level.toFixed(2));
  }
}
