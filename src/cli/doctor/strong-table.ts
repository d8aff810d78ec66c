import type { SpillwayConfig } from '#contract/config.ts';

/** What DynamoDB says of a table, as far as its consistency goes. */
export interface DescribedTable {
  readonly isStrong: boolean;
  /** With a copy, the asked one included. */
  readonly regions: readonly string[];
  readonly witnesses: readonly string[];
}

type StrongSet = NonNullable<SpillwayConfig['state']['controls']>;

/** What keeps the table of operators' words from being what the configuration says. Undefined: nothing. */
export function strongTableFault(
  table: DescribedTable,
  wanted: StrongSet,
): { readonly message: string; readonly todo: string } | undefined {
  const { isStrong, regions, witnesses } = table;
  const anew =
    'DynamoDB changes neither after a table is made: take `state.controls` out, deploy, delete the table, and put it in again. Words stay in the routing table meanwhile.';
  if (!isStrong) return { message: 'its copies are not strongly consistent', todo: anew };
  const place = describe(regions, witnesses);
  const want = describe(wanted.regions, wanted.witness === undefined ? [] : [wanted.witness]);
  return place === want ? undefined : { message: `it stands in ${place}, not in ${want}`, todo: anew };
}

function describe(regions: readonly string[], witnesses: readonly string[]): string {
  const copies = [...regions].sort().join(', ');
  return witnesses.length === 0 ? copies : `${copies} with a witness in ${[...witnesses].sort().join(', ')}`;
}
