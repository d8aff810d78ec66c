/** What came of the generator's requests: the latest answers, and sums by the second. Bounded, whatever is asked. */
import type { TrafficAnswer, TrafficSecond } from '#contract/local-traffic.ts';

const secondsMax = 120;
const recentMax = 50;

interface OpenSecond {
  readonly atMs: number;
  readonly answers: TrafficAnswer[];
}

export class TrafficTally {
  answered = 0;
  failed = 0;
  #recent: readonly TrafficAnswer[] = [];
  #seconds: readonly OpenSecond[] = [];

  add(answer: TrafficAnswer): void {
    if (answer.code === null) this.answered += 1;
    else this.failed += 1;
    this.#recent = [answer, ...this.#recent].slice(0, recentMax);
    const atMs = Math.floor(Date.parse(answer.at) / 1000) * 1000;
    const last = this.#seconds.at(-1);
    if (last?.atMs === atMs) last.answers.push(answer);
    else this.#seconds = [...this.#seconds, { atMs, answers: [answer] }].slice(-secondsMax);
  }

  get recent(): readonly TrafficAnswer[] {
    return this.#recent;
  }

  get seconds(): readonly TrafficSecond[] {
    return this.#seconds.map(sumUp);
  }
}

function sumUp({ atMs, answers }: OpenSecond): TrafficSecond {
  const whole = answers.filter(({ code }) => code === null);
  const times = whole.map(({ milliseconds }) => milliseconds).sort((left, right) => left - right);
  const count = (names: readonly string[]): Record<string, number> =>
    Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  return {
    at: new Date(atMs).toISOString(),
    answeredByRegion: count(whole.map(({ region }) => region ?? 'unknown')),
    failedByCode: count(answers.flatMap(({ code }) => (code === null ? [] : [code]))),
    failedOver: whole.filter(({ attempts }) => (attempts ?? 1) > 1).length,
    millisecondsP50: percentile(times, 0.5),
    millisecondsP95: percentile(times, 0.95),
  };
}

/** By nearest rank. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.ceil(sorted.length * share) - 1] ?? null;
}
