/**
 * How far estimates of one kind of calls were off, as their targets told. A mean of logarithms: twice too many and half
 * too few are equally wrong.
 */
export interface Correction {
  /** Natural logarithm of what was told over what was estimated. */
  readonly logRatio: number;
  /** Reports that it rests on, up to `REPORTS_MAX`. */
  readonly reports: number;
}

export const uncorrected: Correction = { logRatio: 0, reports: 0 };

/** Then every report counts for a thirty-second: what a tenant sends may change. */
const REPORTS_MAX = 32;
/** A first report says little. */
const REPORTS_ASSUMED = 2;
/** No tokenizer is further off than this; a container that counts wrong is believed no more. */
const RATIO_MAX = 2.5;
/** Of shorter inputs the template is the most. */
const TOKENS_MIN = 16;

export function correctBy(
  { logRatio, reports }: Correction,
  call: { readonly estimated: number; readonly told: number },
): Correction {
  if (call.estimated < TOKENS_MIN || call.told < 1) return { logRatio, reports };
  const limit = Math.log(RATIO_MAX);
  const heard = Math.max(-limit, Math.min(limit, Math.log(call.told / call.estimated)));
  const next = Math.min(REPORTS_MAX, reports + 1);
  return { logRatio: logRatio + (heard - logRatio) / (next + REPORTS_ASSUMED), reports: next };
}

export function corrected(tokens: number, { logRatio }: Correction): number {
  return Math.ceil(tokens * Math.exp(logRatio));
}
