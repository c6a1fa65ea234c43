import { type SubmitEvent, useEffect, useRef, useState } from "react";
import { Wordmark } from "../design/icons.tsx";
import { SignInError, signIn } from "./session.ts";
import "./sign-in.css";

export function SignIn({ onSignedIn }: { onSignedIn: () => void }) {
  const [apiKey, setApiKey] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    document.title = "Sign in – Earshot";
    input.current?.focus();
  }, []);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      await signIn(apiKey.trim());
      onSignedIn();
    } catch (error) {
      setProblem(toSentence(error));
      setBusy(false);
      input.current?.focus();
    }
  };
  return (
    <main className="sign-in">
      <Wordmark />
      <form className="sign-in-form" onSubmit={(event) => void submit(event)}>
        <h1>Sign in</h1>
        <p className="sign-in-hint">
          Enter an API key of this server. The first one was printed when Earshot started for the first time.
        </p>
        <input type="text" name="username" autoComplete="username" value="API key" readOnly hidden />
        <label htmlFor="api-key">API key</label>
        <input
          ref={input}
          id="api-key"
          type="password"
          autoComplete="current-password"
          spellCheck={false}
          required
          value={apiKey}
          aria-invalid={problem !== undefined}
          aria-describedby="sign-in-problem"
          onChange={(event) => setApiKey(event.target.value)}
        />
        <p id="sign-in-problem" className="sign-in-problem" role="alert">
          {problem}
        </p>
        <button type="submit" className="button is-primary" disabled={isBusy || apiKey.trim() === ""}>
          {isBusy ? "Signing in…" : "Sign in"}
        </button>
      </form>
    </main>
  );
}

function toSentence(error: unknown): string {
  return error instanceof SignInError ? error.message : "Signing in failed. Try again.";
}
