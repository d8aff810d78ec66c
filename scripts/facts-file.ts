/**
 * The text of a fact file: one row per line, so that a refresh shows up as a small diff. Used by everything that writes
 * data/*.json, so that the same facts are the same bytes whoever wrote them.
 */
export function factsFileText(file: {
  readonly source: string;
  readonly asOf: string;
  readonly tables: Readonly<Record<string, readonly unknown[]>>;
}): string {
  const head = [` "source": ${JSON.stringify(file.source)}`, ` "asOf": ${JSON.stringify(file.asOf)}`];
  const tables = Object.entries(file.tables).map(
    ([name, rows]) =>
      ` ${JSON.stringify(name)}: [\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n ]`,
  );
  return `{\n${[...head, ...tables].join(',\n')}\n}\n`;
}

/** By id, in code-unit order: the order of every table of a fact file. */
export function sortedById<Row extends { readonly id: string }>(rows: Iterable<Row>): readonly Row[] {
  return [...rows].sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0));
}
