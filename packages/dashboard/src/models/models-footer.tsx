import type { Model } from "@earshot/sdk";
import { useLoaded } from "../api/use-loaded.ts";
import { kindName, listModels } from "./model.ts";
import "./models.css";

/** Which models answer here, and why those. */
export function ModelsFooter() {
  const [models] = useLoaded(listModels);
  if (models.status === "failed") return <footer className="models">The models in use could not be listed.</footer>;
  const inUse = models.status === "ready" ? models.data.filter(({ isDefault }) => isDefault) : [];
  return (
    <footer className="models">
      {inUse.length > 0 && (
        <details>
          <summary>
            Runs on {inUse.filter(isSpoken).map(shortName).join(", ") || inUse.map(shortName).join(", ")}
          </summary>
          <dl>
            {inUse.map((model) => (
              <div key={`${model.kind} ${model.name}`}>
                <dt>{kindName(model.kind)}</dt>
                <dd>
                  <span className="model-name">{model.name}</span>
                  <span className="model-reason">{model.reason}</span>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </footer>
  );
}

/** The three that a caller notices. */
function isSpoken({ kind }: Model): boolean {
  return kind === "speech-to-text" || kind === "language-model" || kind === "text-to-speech";
}

function shortName({ name }: Model): string {
  return name.slice(name.indexOf("/") + 1);
}
