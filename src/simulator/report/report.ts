/**
 * simulator/report: what a run has shown, as data, as a page and as pictures.
 *
 * Invariant: the page says what the data say and nothing else, loads nothing, runs nothing, and holds no date and no name of
 * a machine, so that one seed makes one report, byte for byte. The folder owns no state.
 */

/** `ms`: how long something took. `run-ms`: when in the run. `share`: 0 to 1. */
export type Unit = 'ms' | 'run-ms' | 'usd' | 'share' | 'count' | 'tokens' | 'per-second' | 'ratio';

/** A number of one arm, over all seeds. Without an interval it is exact, or of one seed. */
export interface Measured {
  readonly value: number;
  readonly unit: Unit;
  /** Where it lies with 95 % confidence. */
  readonly low?: number;
  readonly high?: number;
}

/** A word, or a number with its unit. */
export type ReportCell = string | Measured;

export interface ReportTable {
  readonly kind: 'table';
  readonly title: string;
  readonly note?: string;
  /** The first one heads what the rows are called. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly ReportCell[])[];
}

export interface Axis {
  readonly label: string;
  readonly unit: Unit;
  /** @default 'linear'. Of a logarithmic axis only values above 0 are drawn. */
  readonly scale?: 'linear' | 'log';
}

/** One line, or one layer of a stack. Points stand in the order of x. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Picture {
  /** `steps`: a cumulative curve. `stack`: layers on each other, the first lowest; all have the same x. */
  readonly kind: 'steps' | 'lines' | 'stack';
  readonly title: string;
  readonly note?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** At most 8. A name has one colour in all pictures of a report. */
  readonly series: readonly Series[];
  /** Levels of y that something is held against. */
  readonly bounds?: readonly { readonly label: string; readonly value: number }[];
}

export interface Finding {
  /** `unclear`: the interval reaches over what was asked. */
  readonly verdict: 'holds' | 'fails' | 'unclear';
  readonly text: string;
}

/** What was not measured but chosen. */
interface Assumption {
  readonly name: string;
  readonly value: string;
  /** Where it is from, or why it was chosen. */
  readonly basis: string;
}

/** All that a run has to tell; `--json` prints it as it is. */
export interface Report {
  readonly version: 1;
  readonly title: string;
  /** What was asked, in a sentence or two. */
  readonly question: string;
  /** Makes the same report again. */
  readonly command: string;
  /** Seeds, virtual time, requests: what it rests on. */
  readonly basis: readonly { readonly label: string; readonly value: ReportCell }[];
  /** The first one's lines are the strongest. */
  readonly arms: readonly { readonly name: string; readonly description: string }[];
  readonly findings: readonly Finding[];
  readonly sections: readonly (ReportTable | Picture)[];
  readonly assumptions: readonly Assumption[];
}
