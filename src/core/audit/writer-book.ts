/** Which numbers each writer's records had: a number that is not there is a record that never came. */
import type { HandedRecord } from './handed-record.ts';

export interface MissingNumbers {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
  /** When the writer's next record that came was decided: ISO 8601. */
  readonly before: string;
}

export interface WriterBook {
  /** True the first time that a record of this writer has this number. */
  add(record: HandedRecord): boolean;
  /** Gaps between the records of each writer, in no order of time. */
  missing(): readonly MissingNumbers[];
  writers(): number;
}

/** Numbers that came, without a gap. */
interface Run {
  from: number;
  to: number;
  /** Of its first number. */
  at: string;
}

/** @param fromStart whether the book begins with the chain: else a writer's lowest number is taken for its first */
export function createWriterBook({ fromStart }: { readonly fromStart: boolean }): WriterBook {
  const writers = new Map<string, Run[]>();
  return {
    add({ writer, number, record }) {
      const runs = writers.get(writer) ?? [];
      writers.set(writer, runs);
      return addNumber(runs, number, record.at);
    },
    missing: () => [...writers].flatMap(([writer, runs]) => gapsOf(writer, runs, fromStart)),
    writers: () => writers.size,
  };
}

/** Runs stay in order and apart from each other. What comes is nearly always the next number of the last one. */
function addNumber(runs: Run[], number: number, at: string): boolean {
  const before = runs.findLastIndex(({ from }) => from <= number);
  const run = runs[before];
  const next = runs[before + 1];
  if (run !== undefined && number <= run.to) return false;
  if (run !== undefined && number === run.to + 1) {
    run.to = number;
    if (next?.from === number + 1) {
      run.to = next.to;
      runs.splice(before + 1, 1);
    }
  } else if (next?.from === number + 1) {
    next.from = number;
    next.at = at;
  } else runs.splice(before + 1, 0, { from: number, to: number, at });
  return true;
}

function gapsOf(writer: string, runs: readonly Run[], fromStart: boolean): readonly MissingNumbers[] {
  return runs.flatMap(({ from, at }, index) => {
    const last = index === 0 ? (fromStart ? 0 : from - 1) : (runs[index - 1]?.to ?? 0);
    return from > last + 1 ? [{ writer, from: last + 1, to: from - 1, before: at }] : [];
  });
}
