/** `<script src="https://voice.example.com/widget.js" data-key="pub_…" async></script>`: a button that calls an agent. */

import { createWebCall } from "../browser-call.ts";
import { fetchPublicAccess } from "../public-access.ts";
import type { WebCall } from "../web-call.ts";
import { readWidgetSettings, type WidgetSettings } from "./widget-settings.ts";
import { toWidgetStatus } from "./widget-status.ts";
import { WidgetView } from "./widget-view.ts";

function mount(settings: WidgetSettings): void {
  const { server: baseUrl, publicKey, variables } = settings;
  let call: WebCall | undefined;
  const view = new WidgetView(settings, {
    onTalk: () => (isInCall(call) ? call?.stop() : begin()),
    onMute: () => call?.setMuted(call.state.microphone === "on"),
  });
  const begin = () => {
    const begun = createWebCall({ baseUrl });
    call = begun;
    begun.on("state", (state) => {
      const isMuted = state.microphone === "muted";
      view.show({ ...toWidgetStatus(state), isInCall: isInCall(begun), isMuted });
    });
    begun.on("volume-level", (level) => view.showVolume(level));
    void begun.start(() => fetchPublicAccess({ baseUrl, publicKey, variables }));
  };
  addEventListener("pagehide", () => call?.stop());
  document.body.append(view.element);
}

function isInCall(call: WebCall | undefined): boolean {
  return call !== undefined && !["idle", "ended", "failed"].includes(call.state.phase);
}

const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  const settings = readWidgetSettings(script);
  if (document.body) mount(settings);
  else addEventListener("DOMContentLoaded", () => mount(settings), { once: true });
}
