import { type FailureClass, failureTable } from './failure-table.ts';

const classes = new Map<string, FailureClass>(failureTable.map((row) => [row.outcome, row.class]));

/** Of an outcome of the failure table: rows that share an outcome share its class. Undefined for any other word. */
export function failureClassOf(outcome: string): FailureClass | undefined {
  return classes.get(outcome);
}
