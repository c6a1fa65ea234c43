import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** The server that `npm run dev` talks to. */
const serverUrl = process.env["EARSHOT_URL"] ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react()],
  worker: { format: "es" },
  server: {
    host: "127.0.0.1",
    proxy: { "/v1": { target: serverUrl, ws: true }, "^/(capture|playback)-worklet.js$": serverUrl },
  },
  build: {
    target: "es2022",
    // The server allows scripts and styles from its own origin only: nothing may be put into the page itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
