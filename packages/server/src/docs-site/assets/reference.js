/** Shows /openapi.json of this very server, in the reader's light or dark. */
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

fetch("/openapi.json")
  .then((answer) => answer.json())
  .then((spec) => {
    window.SwaggerUIBundle({
      spec: { ...spec, servers: [{ url: location.origin }] },
      dom_id: "#reference",
      deepLinking: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      validatorUrl: null,
    });
  })
  .catch((error) => {
    document.querySelector("#reference").textContent = `The reference could not be loaded: ${error.message}`;
  });
