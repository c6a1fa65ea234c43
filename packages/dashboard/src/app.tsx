import { useCallback, useState } from "react";
import type { Agent } from "./agents/agent.ts";
import { AgentsScreen } from "./agents/agents-screen.tsx";
import { makeBrowserCall } from "./calls/browser-call.ts";
import { CallScreen } from "./calls/call-screen.tsx";
import type { LiveCall } from "./calls/live-call.ts";
import { SignIn } from "./session/sign-in.tsx";

type Screen =
  | { readonly name: "agents" }
  | { readonly name: "sign-in" }
  | { readonly name: "call"; readonly agent: Agent; readonly call: LiveCall; readonly callNumber: number };

export function App() {
  const [screen, setScreen] = useState<Screen>({ name: "agents" });
  const showAgents = useCallback(() => setScreen({ name: "agents" }), []);
  const showSignIn = useCallback(() => setScreen({ name: "sign-in" }), []);
  const talk = useCallback((agent: Agent) => {
    const call = makeBrowserCall();
    setScreen((last) => ({
      name: "call",
      agent,
      call,
      callNumber: last.name === "call" ? last.callNumber + 1 : 1,
    }));
    void call.start(agent.id);
  }, []);
  switch (screen.name) {
    case "sign-in":
      return <SignIn onSignedIn={showAgents} />;
    case "agents":
      return <AgentsScreen onTalk={talk} onSignedOut={showSignIn} />;
    case "call":
      return (
        <CallScreen
          key={screen.callNumber}
          agent={screen.agent}
          call={screen.call}
          onTalkAgain={() => talk(screen.agent)}
          onLeave={showAgents}
        />
      );
  }
}
