/** Colours keep a contrast of 4.5 to 1 in both themes. */
export const WIDGET_STYLE = `
:host { all: initial }
section {
  --surface: #ffffff; --text: #16202b; --line: #d3dae2; --accent: #0b5cad; --on-accent: #ffffff; --danger: #b3261e;
  position: fixed; bottom: 1.25rem; right: 1.25rem; z-index: 2147483000; max-width: min(20rem, calc(100vw - 2.5rem));
  display: flex; flex-wrap: wrap; gap: .5rem; justify-content: flex-end; align-items: center;
  font: 400 1rem/1.4 system-ui, sans-serif; color: var(--text); color-scheme: light;
}
section[data-position="left"] { right: auto; left: 1.25rem; justify-content: flex-start }
section[data-theme="dark"] {
  --surface: #1b232c; --text: #f1f5f9; --line: #44515f; --accent: #8ec1ff; --on-accent: #06203c; --danger: #ffb4ab;
  color-scheme: dark;
}
@media (prefers-color-scheme: dark) {
  section[data-theme="auto"] {
    --surface: #1b232c; --text: #f1f5f9; --line: #44515f; --accent: #8ec1ff; --on-accent: #06203c; --danger: #ffb4ab;
    color-scheme: dark;
  }
}
p {
  flex: 1 0 100%; margin: 0; padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .75rem;
  background: var(--surface); box-shadow: 0 2px 10px rgb(0 0 0 / .15);
}
[hidden] { display: none }
button {
  display: inline-flex; align-items: center; gap: .5rem; min-height: 3rem; padding: 0 1rem; border-radius: 1.5rem;
  border: 1px solid var(--line); background: var(--surface); color: var(--text); font: inherit; cursor: pointer;
}
button.talk { border-color: transparent; background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 2px 10px rgb(0 0 0 / .2) }
button:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px }
button[aria-pressed="true"] { text-decoration: underline }
svg { width: 1.5rem; height: 1.5rem; fill: currentColor }
section[data-state="error"] p { border-color: var(--danger); color: var(--danger) }
section[data-state="connecting"] .talk { opacity: .85 }
section[data-state="speaking"] .talk { box-shadow: 0 0 0 calc(var(--volume, 0) * .6rem) color-mix(in srgb, var(--accent) 35%, transparent) }
@media (prefers-reduced-motion: no-preference) { .talk { transition: box-shadow .1s linear } }
`;
