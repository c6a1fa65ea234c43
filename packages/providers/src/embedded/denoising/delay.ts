/** Frames of 20 ms and blocks of another length are apart by up to this many samples at 16 kHz, resampling included. */
export const RNNOISE_HEAD_SAMPLES = 224;
export const GTCRN_HEAD_SAMPLES = 192;

/** In all, each filter being a block late itself: 10 ms and 16 ms. */
export const RNNOISE_DELAY_SAMPLES = RNNOISE_HEAD_SAMPLES + 160;
export const GTCRN_DELAY_SAMPLES = GTCRN_HEAD_SAMPLES + 256;
