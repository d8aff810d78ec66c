/** What is wrong with a file of requests. */
export interface TraceProblem {
  readonly file: string;
  /** From 1, the heading included. */
  readonly line: number;
  /** Undefined where the line as a whole is wrong. */
  readonly column?: string | undefined;
  /** As it stands in the file. */
  readonly got: string;
  readonly want: string;
}

/** More than these say nothing new. */
const PROBLEMS_TOLD_MAX = 20;
const GOT_CHARACTERS_MAX = 60;

/** Collects what is wrong, tells of the first twenty and counts the others. */
export class TraceProblems {
  readonly #told: TraceProblem[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(problem: TraceProblem): void {
    this.#count += 1;
    if (this.#told.length < PROBLEMS_TOLD_MAX) this.#told.push(problem);
  }

  /** One sentence for each. */
  lines(): readonly string[] {
    const told = this.#told.map(({ file, line, column, got, want }) => {
      const shown = got.length > GOT_CHARACTERS_MAX ? `${got.slice(0, GOT_CHARACTERS_MAX)}…` : got;
      const where = column === undefined ? '' : ` ${column}:`;
      return `${file}:${line}:${where} got ${JSON.stringify(shown)}, want ${want}`;
    });
    const untold = this.#count - this.#told.length;
    return untold === 0 ? told : [...told, `${file(this.#told)}: and ${untold} more`];
  }

  /** @throws TraceError when there is a problem */
  throwIfAny(): void {
    if (this.#count > 0) throw new TraceError(this.lines());
  }
}

const file = (problems: readonly TraceProblem[]): string => problems[0]?.file ?? 'trace';

/** A file of requests that cannot be used as it is. The message holds all that is wrong with it. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}
