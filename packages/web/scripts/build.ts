/** Builds what pages load: each file whole, so that one script tag or one URL is all that is needed. */
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));

const FILES = [
  { entry: "src/index.ts", fileName: "earshot-web.js", format: "es" },
  { entry: "src/widget/widget.ts", fileName: "widget.js", format: "iife" },
  { entry: "src/audio/capture-worklet.ts", fileName: "capture-worklet.js", format: "es" },
  { entry: "src/audio/playback-worklet.ts", fileName: "playback-worklet.js", format: "es" },
] as const;

for (const [at, { entry, fileName, format }] of FILES.entries())
  await build({
    root,
    configFile: false,
    logLevel: "warn",
    build: {
      target: "es2022",
      emptyOutDir: at === 0,
      minify: true,
      lib: { entry, formats: [format], name: "Earshot", fileName: () => fileName },
    },
  });
