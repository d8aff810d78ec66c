/**
 * simulator/judges: what must hold in every run, apart from the world that it is judged in.
 *
 * Invariant: a judge sees what happened and changes nothing; it knows the law by itself and asks none of the product's
 * code for a judgement. One violation fails a run.
 */
import type { RequestRecord } from '#usecases/ports/gateway-metrics.ts';
import type { SentCall } from '../world/simulated-invoker.ts';
import type { Ended } from '../world/world.ts';

/** `safety`: never, whatever fails. `liveness`: once everything is whole again. */
type JudgedPhase = 'safety' | 'liveness';

export interface Violation {
  readonly judge: string;
  readonly phase: JudgedPhase;
  /** Epoch milliseconds of the world. */
  readonly atMs: number;
  readonly what: string;
}

export type Report = (what: string) => void;

/** Hears of everything, in order. Each answers at once. */
export interface Judge {
  readonly name: string;
  readonly phase: JudgedPhase;
  sent?(call: SentCall, report: Report): void;
  ended?(ended: Ended, report: Report): void;
  recorded?(record: RequestRecord, report: Report): void;
  defect?(event: string, facts: object | undefined, report: Report): void;
  /** Nothing is under way any more. */
  atRest?(report: Report): void;
}

/** A run that goes wrong does so thousands of times: the first ones tell why. */
const VIOLATIONS_KEPT_MAX = 20;

/** All judges of a run as one witness of its world. */
export class Bench {
  readonly #judges: readonly Judge[];
  readonly #nowMs: () => number;
  readonly #violations: Violation[] = [];
  count = 0;

  constructor(judges: readonly Judge[], nowMs: () => number) {
    this.#judges = judges;
    this.#nowMs = nowMs;
  }

  /** The first of them, in order. */
  get violations(): readonly Violation[] {
    return this.#violations;
  }

  sent(call: SentCall): void {
    for (const judge of this.#judges) judge.sent?.(call, this.#report(judge));
  }

  ended(ended: Ended): void {
    for (const judge of this.#judges) judge.ended?.(ended, this.#report(judge));
  }

  recorded(record: RequestRecord): void {
    for (const judge of this.#judges) judge.recorded?.(record, this.#report(judge));
  }

  defect(event: string, facts: object | undefined): void {
    for (const judge of this.#judges) judge.defect?.(event, facts, this.#report(judge));
  }

  atRest(): void {
    for (const judge of this.#judges) judge.atRest?.(this.#report(judge));
  }

  #report({ name, phase }: Judge): Report {
    return (what) => {
      this.count += 1;
      if (this.#violations.length < VIOLATIONS_KEPT_MAX)
        this.#violations.push({ judge: name, phase, atMs: this.#nowMs(), what });
    };
  }
}
