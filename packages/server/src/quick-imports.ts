/**
 * Spares the start 0.8 s of CPU and 180 MB: Node parses a package's whole list of exports again for each `.js` file that
 * it loads from it, and that of drizzle-orm has 447 entries.
 */
import { registerHooks } from "node:module";

const PACKAGE = "/node_modules/drizzle-orm/";

registerHooks({
  resolve(specifier, context, nextResolve) {
    const { parentURL } = context;
    // Its files under `import` are all modules, which is what Node looks for in those exports.
    const isWithin =
      parentURL !== undefined && parentURL.includes(PACKAGE) && /^\.{1,2}\//.test(specifier) && /\.js$/.test(specifier);
    if (!isWithin || /\.cjs$/.test(parentURL)) return nextResolve(specifier, context);
    return { url: new URL(specifier, parentURL).href, format: "module", shortCircuit: true };
  },
});
