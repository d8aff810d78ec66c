/** What is wrong with the lines of a file: all of it, up to a bound. */

/** As OpenAI lists it. */
export interface LineProblem {
  readonly code: string;
  readonly message: string;
  /** From 1. @default - it is the file's */
  readonly line?: number | undefined;
  /** The member of the line that is wrong. */
  readonly param?: string | undefined;
}

/** More than this is no list for a person, and has to stand in one item of a table. */
export const PROBLEMS_MAX = 100;
const MESSAGE_CHARACTERS_MAX = 500;

/** Collects problems; holds its state: one for each file. */
export class ProblemList {
  readonly #kept: LineProblem[] = [];
  #count = 0;

  add(problem: LineProblem): void {
    this.#count += 1;
    if (this.#kept.length >= PROBLEMS_MAX) return;
    this.#kept.push({ ...problem, message: problem.message.slice(0, MESSAGE_CHARACTERS_MAX) });
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  /** In the order of the file; the last one says how many more there are. */
  list(): readonly LineProblem[] {
    const more = this.#count - this.#kept.length;
    if (more === 0) return [...this.#kept];
    return [...this.#kept, { code: 'more_errors', message: `${more} more problems are not listed.` }];
  }
}
