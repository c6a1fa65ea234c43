import { expect, it } from "vitest";
import { PowerSpectrum } from "./power-spectrum.ts";

const wave = (size: number, cycles: number, phase = 0.3) =>
  Float32Array.from({ length: size }, (_, i) => Math.sin((2 * Math.PI * cycles * i) / size + phase));

it.each([8, 64, 256, 512])("finds a sine in its bin, with its power: %i samples", (size) => {
  const spectrum = new PowerSpectrum(size);
  spectrum.measure(wave(size, size / 4));
  expect(spectrum.power[size / 4]).toBeCloseTo(0.5, 3);
  for (let bin = 0; bin < size / 4 - 1; bin++) expect(spectrum.power[bin]).toBeLessThan(1e-6);
});

it("agrees with the sum that defines it", () => {
  const size = 32;
  const samples = Float32Array.from({ length: size }, (_, i) => Math.sin(i * i) - 0.3 * Math.cos(3 * i));
  const spectrum = new PowerSpectrum(size);
  spectrum.measure(samples);
  for (let k = 0; k <= size / 2; k++) {
    let [re, im] = [0, 0];
    for (let i = 0; i < size; i++) {
      const weighed = ((samples[i] ?? 0) * (1 - Math.cos((2 * Math.PI * i) / size)) * Math.SQRT2) / size;
      re += weighed * Math.cos((2 * Math.PI * k * i) / size);
      im -= weighed * Math.sin((2 * Math.PI * k * i) / size);
    }
    expect(spectrum.power[k]).toBeCloseTo(re * re + im * im, 6);
  }
});

it("reads a ring from where it is told", () => {
  const size = 64;
  const straight = wave(size, 5.3);
  const ring = new Float32Array(size);
  for (let i = 0; i < size; i++) ring[(i + 20) % size] = straight[i] ?? 0;
  const [one, other] = [new PowerSpectrum(size), new PowerSpectrum(size)];
  one.measure(straight);
  other.measure(ring, 20);
  expect([...other.power]).toEqual([...one.power]);
});
