const CHUNK_SAMPLES = 4096;

/** Hands on what its two inputs (microphone, agent) carry, sample by sample side by side. */
class TapProcessor extends AudioWorkletProcessor {
  #chunk = [new Float32Array(CHUNK_SAMPLES), new Float32Array(CHUNK_SAMPLES)] as const;
  #filled = 0;

  process(inputs: Float32Array[][]): boolean {
    const [microphone, agent] = [inputs[0]?.[0], inputs[1]?.[0]];
    const count = microphone?.length ?? agent?.length ?? 128;
    if (microphone !== undefined) this.#chunk[0].set(microphone, this.#filled);
    if (agent !== undefined) this.#chunk[1].set(agent, this.#filled);
    this.#filled += count;
    if (this.#filled >= CHUNK_SAMPLES) this.#send();
    return true;
  }

  #send(): void {
    const [microphone, agent] = this.#chunk;
    this.port.postMessage({ microphone, agent }, [microphone.buffer, agent.buffer]);
    this.#chunk = [new Float32Array(CHUNK_SAMPLES), new Float32Array(CHUNK_SAMPLES)];
    this.#filled = 0;
  }
}

registerProcessor("earshot-tap", TapProcessor);
