/** How long answers of one kind are, by what was seen of them: a histogram that forgets. */

/** A bucket is a quarter of an octave: its upper end is a fifth above its lower one. */
const BUCKETS_PER_OCTAVE = 4;
const OCTAVES = 18;
export const BUCKETS = BUCKETS_PER_OCTAVE * OCTAVES;
/** Then all counts are halved: what was seen a thousand answers ago hardly counts. */
const WEIGHT_MAX = 512;

/** Fewer answers say nothing of the longest tenth. */
const ANSWERS_MIN = 20;
/** Longest answer that is expected where none were seen, in tokens. */
export const OUTPUT_TOKENS_UNSEEN = 1_024;

export interface OutputLengths {
  /** By bucket of the logarithm of the tokens. */
  readonly counts: Float32Array;
  readonly weight: number;
  /** All answers that were ever added. */
  readonly answers: number;
}

export const noLengths: OutputLengths = { counts: new Float32Array(BUCKETS), weight: 0, answers: 0 };

/** @param tokens of one answer, 0 or more */
export function addLength({ counts, weight, answers }: OutputLengths, tokens: number): OutputLengths {
  const halve = weight >= WEIGHT_MAX;
  const next = halve ? counts.map((each) => each / 2) : counts.slice();
  const bucket = bucketOf(tokens);
  next[bucket] = (next[bucket] ?? 0) + 1;
  return { counts: next, weight: (halve ? weight / 2 : weight) + 1, answers: answers + 1 };
}

/**
 * Whether an answer that its bound cut tells something: that it would have been at least so long. One among the longest
 * tenth counts as if it were whole; a shorter one may have had any length, and says nothing.
 */
export function isTellingThoughCut(lengths: OutputLengths, tokens: number): boolean {
  return bucketOf(tokens) >= bucketOf(expectedOutput(lengths, Number.POSITIVE_INFINITY));
}

/** What two lots of answers say together. */
export function addLengths(one: OutputLengths, other: OutputLengths): OutputLengths {
  const counts = one.counts.map((each, bucket) => each + (other.counts[bucket] ?? 0));
  let weight = one.weight + other.weight;
  let scale = 1;
  while (weight > WEIGHT_MAX) {
    scale /= 2;
    weight /= 2;
  }
  const answers = one.answers + other.answers;
  return { counts: scale === 1 ? counts : counts.map((each) => each * scale), weight, answers };
}

/** Tokens that a share of the answers do not exceed; the upper end of its bucket. Undefined while too few were seen. */
export function quantileOf({ counts, weight, answers }: OutputLengths, share: number): number | undefined {
  if (answers < ANSWERS_MIN) return undefined;
  let below = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    below += counts[bucket] ?? 0;
    if (below >= share * weight) return upperEnd(bucket);
  }
  return upperEnd(BUCKETS - 1);
}

/** Output tokens to expect of a call: nine of ten write no more. Never over what the call allows. */
export function expectedOutput(lengths: OutputLengths, maxTokens: number): number {
  return Math.min(maxTokens, quantileOf(lengths, 0.9) ?? OUTPUT_TOKENS_UNSEEN);
}

function bucketOf(tokens: number): number {
  if (tokens <= 1) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(tokens) * BUCKETS_PER_OCTAVE - 1e-9));
}

function upperEnd(bucket: number): number {
  return Math.floor(2 ** (bucket / BUCKETS_PER_OCTAVE) + 1e-9);
}
