import { useEffect } from "react";
import { useLoaded } from "../api/use-loaded.ts";
import { MicrophoneIcon, Wordmark } from "../design/icons.tsx";
import { ModelsFooter } from "../models/models-footer.tsx";
import { type Agent, listAgents } from "./agent.ts";
import { describeAgent } from "./describe-agent.ts";
import "./agents.css";

export function AgentsScreen(props: { onTalk: (agent: Agent) => void; onSignedOut: () => void }) {
  const { onTalk, onSignedOut } = props;
  const [agents, reload] = useLoaded(listAgents);
  const isSignedOut = agents.status === "failed" && agents.error.status === 401;
  useEffect(() => {
    document.title = "Earshot";
  }, []);
  useEffect(() => {
    if (isSignedOut) onSignedOut();
  }, [isSignedOut, onSignedOut]);
  if (isSignedOut) return null;
  return (
    <div className="agents-page">
      <header className="agents-top">
        <Wordmark />
      </header>
      <main className="agents" aria-busy={agents.status === "loading"}>
        <div className="agents-intro">
          <h1>Talk to an agent</h1>
          <p>Choose one, allow the microphone, and speak. Interrupt it whenever you like.</p>
        </div>
        {agents.status === "loading" && <LoadingCards />}
        {agents.status === "failed" && (
          <div className="banner is-danger" role="alert">
            <span>{agents.error.message}</span>
            <button type="button" className="button" onClick={reload}>
              Try again
            </button>
          </div>
        )}
        {agents.status === "ready" && <AgentCards agents={agents.data} onTalk={onTalk} />}
      </main>
      <ModelsFooter />
    </div>
  );
}

function AgentCards({ agents, onTalk }: { agents: readonly Agent[]; onTalk: (agent: Agent) => void }) {
  if (agents.length === 0)
    return (
      <div className="agents-empty">
        <h2>No agents yet</h2>
        <p>
          Create one with <code>POST /v1/agents</code>; it appears here.
        </p>
      </div>
    );
  return (
    <ul className="agent-cards">
      {agents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} onTalk={onTalk} />
      ))}
    </ul>
  );
}

function AgentCard({ agent, onTalk }: { agent: Agent; onTalk: (agent: Agent) => void }) {
  const { summary, topics } = describeAgent(agent);
  return (
    <li className="agent-card">
      <h2>{agent.name}</h2>
      <p className="agent-summary">{summary}</p>
      {topics.length > 0 && (
        <div className="agent-topics">
          <h3>Ask about</h3>
          <ul>
            {topics.map((topic) => (
              <li key={topic}>{topic}</li>
            ))}
          </ul>
        </div>
      )}
      <button type="button" className="button is-primary" onClick={() => onTalk(agent)}>
        <MicrophoneIcon />
        Talk<span className="visually-hidden"> to {agent.name}</span>
      </button>
    </li>
  );
}

function LoadingCards() {
  return (
    <div className="agent-cards" role="status">
      <span className="visually-hidden">Loading the agents</span>
      <div className="agent-card is-loading" />
      <div className="agent-card is-loading" />
    </div>
  );
}
