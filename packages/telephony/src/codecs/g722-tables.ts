/** The tables of ITU-T Recommendation G.722, section 6.2. */

export type BandTables = {
  readonly firstScale: number;
  /** How the logarithm of the step changes with each code. */
  readonly weights: readonly number[];
  readonly most: number;
  readonly shift: number;
};

const LOWER_WEIGHTS = [-60, -30, 58, 172, 334, 538, 1198, 3042];
const LOWER_RANKS = [0, 7, 6, 5, 4, 3, 2, 1, 7, 6, 5, 4, 3, 2, 1, 0];
const HIGHER_WEIGHTS = [798, -214, 798, -214];

export const LOWER_BAND: BandTables = {
  firstScale: 32,
  weights: LOWER_RANKS.map((rank) => LOWER_WEIGHTS[rank] as number),
  most: 18_432,
  shift: 8,
};

export const HIGHER_BAND: BandTables = { firstScale: 8, weights: HIGHER_WEIGHTS, most: 22_528, shift: 10 };

export const QUADRATURE_MIRROR_FILTER = Int32Array.from([3, -11, 12, 32, -210, 951, 3876, -805, 362, -156, 53, -11]);

/** 2048 * 2^(i / 32). */
export const LOGARITHM = Int32Array.from([
  2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834, 2896, 2960, 3025,
  3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
]);

export const DECISION_LEVELS = Int32Array.from([
  0, 35, 72, 110, 150, 190, 233, 276, 323, 370, 422, 473, 530, 587, 650, 714, 786, 858, 940, 1023, 1121, 1219, 1339,
  1458, 1612, 1765, 1980, 2195, 2557, 2919,
]);

/** By decision level, 1 to 30. */
export const NEGATIVE_CODES = Int32Array.from([
  0, 63, 62, 31, 30, 29, 28, 27, 26, 25, 24, 23, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4,
]);
export const POSITIVE_CODES = Int32Array.from([
  0, 61, 60, 59, 58, 57, 56, 55, 54, 53, 52, 51, 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 40, 39, 38, 37, 36, 35, 34, 33,
  32,
]);

export const TWO_BITS = Int32Array.from([-7408, -1616, 7408, 1616]);
export const FOUR_BITS = Int32Array.from([
  0, -20_456, -12_896, -8968, -6288, -4240, -2584, -1200, 20_456, 12_896, 8968, 6288, 4240, 2584, 1200, 0,
]);
export const SIX_BITS = Int32Array.from([
  -136, -136, -136, -136, -24_808, -21_904, -19_008, -16_704, -14_984, -13_512, -12_280, -11_192, -10_232, -9360, -8576,
  -7856, -7192, -6576, -6000, -5456, -4944, -4464, -4008, -3576, -3168, -2776, -2400, -2032, -1688, -1360, -1040, -728,
  24_808, 21_904, 19_008, 16_704, 14_984, 13_512, 12_280, 11_192, 10_232, 9360, 8576, 7856, 7192, 6576, 6000, 5456,
  4944, 4464, 4008, 3576, 3168, 2776, 2400, 2032, 1688, 1360, 1040, 728, 432, 136, -432, -136,
]);

export function saturate(value: number): number {
  return Math.max(-32_768, Math.min(32_767, value));
}
