import {
  type FaultRule,
  type FaultVocabulary,
  matches,
  parseFaultRules,
  streamKinds,
} from './fault-rules.ts';
import { seededRandom } from './random.ts';

/** What a rule is matched against. */
export interface FaultSubject {
  readonly service: string;
  readonly operation: string;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly target: string | undefined;
  /** Whether the answer is an event stream, or holds a list: stream faults and `empty` strike nothing else. */
  readonly answersStream: boolean;
  readonly answersList: boolean;
}

/** What befalls one call. */
export interface FaultVerdict {
  readonly latencyMs: number;
  /** Index of the rule that decided, or of the latency rule where only that matched. */
  readonly index: number | undefined;
  /** The rule that decided; absent where the call runs on undisturbed. */
  readonly rule: FaultRule | undefined;
}

/** The rules in force, with the counts that are left and the seeded chance. */
export class FaultBook {
  readonly #vocabulary: FaultVocabulary;
  #rules: readonly FaultRule[] = [];
  #left: number[] = [];
  #random: () => number;

  constructor(vocabulary: FaultVocabulary, seed: number) {
    this.#vocabulary = vocabulary;
    this.#random = seededRandom(seed);
  }

  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  /** Replaces all rules, or none: a ControlError lists what is wrong with any of them. */
  replace(body: unknown): readonly FaultRule[] {
    this.#rules = parseFaultRules(body, this.#vocabulary);
    this.#left = this.#rules.map((rule) => rule.count ?? Number.POSITIVE_INFINITY);
    return this.#rules;
  }

  seed(seed: number): void {
    this.#random = seededRandom(seed);
  }

  /** The first rule that strikes wins; latency adds up until one does. */
  choose(subject: FaultSubject): FaultVerdict {
    let latencyMs = 0;
    let latencyIndex: number | undefined;
    for (const [index, rule] of this.#rules.entries()) {
      if (!applies(rule, subject) || !this.#strikes(index, rule)) continue;
      if (rule.kind !== 'latency') return { latencyMs, index, rule };
      latencyMs += rule.milliseconds ?? 0;
      latencyIndex ??= index;
    }
    return { latencyMs, index: latencyIndex, rule: undefined };
  }

  #strikes(index: number, { probability = 1 }: FaultRule): boolean {
    const left = this.#left[index] ?? 0;
    if (left <= 0 || (probability < 1 && this.#random() >= probability)) return false;
    this.#left[index] = left - 1;
    return true;
  }
}

function applies(rule: FaultRule, subject: FaultSubject): boolean {
  if (streamKinds.has(rule.kind) && !subject.answersStream) return false;
  if (rule.kind === 'empty' && !subject.answersList) return false;
  return (
    matches(rule.service, subject.service) &&
    matches(rule.operation, subject.operation) &&
    matches(rule.account, subject.account) &&
    matches(rule.region, subject.region) &&
    matches(rule.target, subject.target)
  );
}
