import { expect, test } from "vitest";
import { type CallReservation, createIdleCallControl } from "../../calls/call-control.ts";
import { describeOnEachDatabase } from "../../storage/testing/each-database.ts";
import type { Json } from "./testing/hms-client.ts";
import { setUp } from "./testing/set-up.ts";

type Dialed = { success: boolean; call_id: string; status: string; room_name: string };

describeOnEachDatabase("HMS outbound calls", (database) => {
  let digits = 10;
  const start = async () => {
    const reserved: CallReservation[] = [];
    const control = {
      ...createIdleCallControl(),
      reserve: async (reservation: CallReservation) => void reserved.push(reservation),
      bridge: async () => true,
    };
    const all = setUp(database(), { control });
    const llm = { provider: "openai", model: "gpt-4o", messages: [{ role: "system", content: "Saved." }] };
    const { agent } = await all.hms.post<{ agent: { id: string } }>("/agents", {
      name: "Caller",
      llm_config: llm,
      speech_config: { first_message_outbound: "Hi, this is Acme." },
    });
    const newNumber = async (body: object) => {
      const phone = `+318508350${digits++}`;
      return (await all.hms.post<{ number: Json }>("/numbers", { phone_number: phone, ...body })).number;
    };
    const from = await newNumber({ name: "Ours" });
    const to = await newNumber({ agent_id: agent.id });
    const destination = String(to["phone_number"]);
    const dial = (body: object, path = "/calls/outbound") => all.hms.post<Dialed>(path, { destination, ...body });
    const callerOf = () => reserved.find(({ call }) => call.direction === "outbound");
    return { ...all, reserved, agent, from, destination, dial, callerOf };
  };

  test("are placed with a saved assistant, under its newer and its older name", async () => {
    const { hms, dial, agent, from, destination, callerOf } = await start();
    const answer = await dial({ assistant_id: agent.id, number_id: from["id"] });
    expect(answer).toEqual({ success: true, call_id: answer.call_id, status: "dialing", room_name: answer.call_id });
    expect(answer.call_id.startsWith(`call-_${destination}_`)).toBe(true);
    expect(await hms.get(`/calls/${answer.call_id}`)).toMatchObject({
      direction: "outbound",
      caller_phone: destination,
      assistant_phone: from["phone_number"],
      agent_id: agent.id,
      number_id: from["id"],
    });
    expect(callerOf()?.agent).toMatchObject({ prompt: "Saved.", outboundGreeting: "Hi, this is Acme." });
    expect((await dial({ agent_id: agent.id }, "/calls")).status).toBe("dialing");
  });

  test("can differ in some fields, each as a whole", async () => {
    const { hms, dial, agent, callerOf } = await start();
    const llm = { provider: "openai", model: "gpt-4o-mini", temperature: 0.1 };
    const { call_id: id } = await dial({
      agent_id: agent.id,
      agent_config: { llm_config: llm, metadata: { order: 7 } },
      first_message: "Hi Jan.",
    });
    const held = callerOf()?.agent;
    expect(held).toMatchObject({ temperature: 0.1, greeting: { mode: "static", text: "Hi Jan." } });
    expect(held?.prompt).not.toContain("Saved.");
    expect(held).not.toHaveProperty("outboundGreeting");
    expect(await hms.get(`/calls/${id}`)).toMatchObject({ agent_id: agent.id, metadata: { order: 7 } });
    expect(await hms.get(`/agents/${agent.id}`)).toMatchObject({
      agent: { llm_config: { messages: [{ content: "Saved." }] } },
    });
  });

  test("can bring an assistant of their own", async () => {
    const { hms, dial, callerOf } = await start();
    const llm = { provider: "mistral", model: "small", messages: [{ role: "system", content: "Once." }] };
    const assistant = { llm_config: llm, first_message: "Hello.", max_duration_seconds: 60, metadata: { a: [1] } };
    const { call_id: id } = await dial({ assistant });
    expect(callerOf()?.agent).toMatchObject({ prompt: "Once.", maxDurationMs: 60_000 });
    expect(await hms.get(`/calls/${id}`)).toMatchObject({ agent_id: null, metadata: { a: [1] } });
  });

  test("that reach nobody say so on the call", async () => {
    const { hms, dial, agent } = await start();
    const { call_id: id } = await dial({ assistant_id: agent.id, destination: "+31201234567" });
    expect(await hms.get(`/calls/${id}`)).toMatchObject({ status: "failed", end_reason: "no_carrier" });
  });

  test("are refused by the name of the field", async () => {
    const { dial, agent, hms } = await start();
    const realtime = {
      llm_config: { provider: "xai_realtime", model: "g" },
      tts_config: { provider: "xai", voice_id: "x" },
    };
    const wrong: [object, object][] = [
      [
        { assistant_id: agent.id, destination: "12" },
        { status: 400, param: "destination" },
      ],
      [
        { assistant_id: agent.id, destination: "112" },
        { status: 400, param: "destination" },
      ],
      [
        { assistant_id: agent.id, destination: null },
        { status: 400, param: "destination" },
      ],
      [
        { assistant_id: agent.id, number_id: "no" },
        { status: 400, param: "number_id" },
      ],
      [{ assistant_id: "no" }, { status: 404 }],
      [{}, { status: 400, param: "assistant_id" }],
      [{ assistant: { first_message: "x" } }, { param: "assistant.llm_config" }],
      [{ assistant: realtime }, { param: "tts_config" }],
      [{ assistant_override: {}, assistant: { llm_config: realtime.llm_config } }, { param: "assistant_override" }],
      [{ assistant_id: agent.id, assistant_override: { metadata: [] } }, { param: "metadata" }],
    ];
    for (const [body, refused] of wrong) await expect(dial(body)).rejects.toMatchObject(refused);
    await hms.patch(`/agents/${agent.id}`, { is_active: false });
    await expect(dial({ assistant_id: agent.id })).rejects.toMatchObject({ status: 400, code: "agent_inactive" });
  });
});
