/** How fast one copy was measured to be. */
export interface EngineSpeed {
  /**
   * Milliseconds to read a prompt of so many tokens, alone, by rising tokens. Between two points the straight line
   * counts, below the first one its value, beyond the last one the slope of the last two; one point is a rate.
   */
  readonly promptMs: readonly SpeedPoint[];
  /**
   * Milliseconds from token to token while so many requests run, by rising requests. Nobody measured more than the
   * last: a copy is given no more.
   */
  readonly tokenMs: readonly SpeedPoint[];
  /**
   * `together`: while prompts of others were read too, as under traffic. `apart`: without; what prompts take from
   * the tokens of others is then reckoned.
   */
  readonly measured: 'together' | 'apart';
}

export type SpeedPoint = readonly [at: number, milliseconds: number];

/** A copy with `running` requests in it all the time. */
export interface CopyPace {
  /** Mean time of a call. */
  readonly callMs: number;
  /** Between two tokens of a call. */
  readonly tokenMs: number;
  /** Share of the copy’s time that goes into the prompts of others, 0 to below 1. */
  readonly othersShare: number;
}

/**
 * The pace of a copy that always has `running` calls of the mean lengths (1 or more, fractions too).
 *
 * With p the time of a prompt alone, b that of a token, and n tokens: during a call of T each other call has one prompt
 * read, so prompts of others take the share u = (running − 1) × p / T. Measured `apart`, an engine with chunked prefill
 * lets all else wait while they are computed: T = (p + (n − 1) × b) / (1 − u), which is running × p + (n − 1) × b, and a
 * token takes b / (1 − u). Measured `together` a token takes b, and T is p + (n − 1) × b, or running × p where prompts
 * alone take longer.
 */
export function paceOf(
  speed: EngineSpeed,
  call: { readonly inputTokens: number; readonly outputTokens: number; readonly running: number },
): CopyPace {
  const { running } = call;
  const prompt = promptMsOf(speed, call.inputTokens);
  const token = tokenMsOf(speed, running);
  const later = Math.max(0, call.outputTokens - 1);
  const together = speed.measured === 'together';
  const callMs = together
    ? Math.max(prompt + later * token, running * prompt)
    : running * prompt + later * token;
  const othersShare = callMs === 0 ? 0 : ((running - 1) * prompt) / callMs;
  return { callMs, tokenMs: together ? token : token / (1 - othersShare), othersShare };
}

/** vLLM computes at most so many tokens of prompts in an iteration (`max_num_batched_tokens`). */
const PROMPT_CHUNK_TOKENS = 2_048;
/** Of twenty calls, the one that may miss. */
const MISSED_SHARE = 0.05;

/**
 * The time to the first token that nineteen of twenty calls keep, in a copy of this pace: the longer of
 *
 * - a prompt longer than nineteen of twenty among as many others as there are on average, p(long) / (1 − u);
 * - a mean prompt among as many others as there are one time in twenty, p(mean) × (1 + j). In a queue that shares its
 *   server (M/G/1-PS) n others are there with probability (1 − u) × uⁿ, so j is ln 0.05 / ln u, at most all others;
 *
 * and with both the iteration under way, and one for each chunk of the prompt, in which all others get a token.
 */
export function firstTokenMsOf(
  speed: EngineSpeed,
  call: {
    readonly meanInputTokens: number;
    readonly longInputTokens: number;
    readonly running: number;
    readonly pace: CopyPace;
  },
): number {
  const { meanInputTokens, longInputTokens, pace } = call;
  const iterationsMs = (tokens: number) => (1 + Math.ceil(tokens / PROMPT_CHUNK_TOKENS)) * pace.tokenMs;
  const others =
    pace.othersShare === 0
      ? 0
      : Math.min(call.running - 1, Math.log(MISSED_SHARE) / Math.log(pace.othersShare));
  const long = iterationsMs(longInputTokens) + promptMsOf(speed, longInputTokens) / (1 - pace.othersShare);
  const among = iterationsMs(meanInputTokens) + promptMsOf(speed, meanInputTokens) * (1 + others);
  return Math.max(long, among);
}

function promptMsOf({ promptMs }: EngineSpeed, tokens: number): number {
  const [first, second] = promptMs;
  if (first === undefined) return 0;
  if (second === undefined) return (first[1] * tokens) / first[0];
  return tokens <= first[0] ? first[1] : onLine(promptMs, tokens);
}

function tokenMsOf({ tokenMs }: EngineSpeed, running: number): number {
  const first = tokenMs[0];
  const last = tokenMs.at(-1);
  if (first === undefined || last === undefined) return 0;
  if (running <= first[0]) return first[1];
  return running >= last[0] ? last[1] : onLine(tokenMs, running);
}

/** Two points or more, and `at` beyond the first. */
function onLine(points: readonly SpeedPoint[], at: number): number {
  const after = points.findIndex(([x]) => x >= at);
  const end = after <= 0 ? points.length - 1 : after;
  const [leftAt, left] = points[end - 1] ?? [0, 0];
  const [rightAt, right] = points[end] ?? [1, 0];
  return left + ((right - left) * (at - leftAt)) / (rightAt - leftAt);
}
