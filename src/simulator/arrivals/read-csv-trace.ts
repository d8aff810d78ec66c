import { csvFields } from './csv-fields.ts';
import { type CsvMapping, readTime, readTokens } from './csv-mapping.ts';
import { TraceProblems } from './trace-problems.ts';
import { TraceTable } from './trace-table.ts';

/** A file of requests as lines without their ends, some at a time: a promise for each line would cost more than reading it. */
export interface TraceLines {
  /** What messages call it. */
  readonly file: string;
  readonly lines: Iterable<readonly string[]> | AsyncIterable<readonly string[]>;
}

/**
 * Reads any CSV by a mapping of its columns. Lines may come in any order of time; empty ones are passed over.
 *
 * @throws TraceError with all that is wrong, the first twenty by file, line, column and value
 */
export async function readCsvTrace({ file, lines }: TraceLines, mapping: CsvMapping): Promise<TraceTable> {
  const reader = new CsvReader(file, mapping);
  for await (const some of lines) for (const line of some) reader.read(line);
  return reader.finish();
}

/** Columns by their place in a line. -1: not mapped. */
interface Places {
  readonly arrival: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly region: number;
  readonly model: number;
  readonly tenant: number;
  readonly count: number;
}

class CsvReader {
  readonly #file: string;
  readonly #mapping: CsvMapping;
  readonly #problems = new TraceProblems();
  readonly #table = new TraceTable();
  #places: Places | undefined;
  #line = 0;

  constructor(file: string, mapping: CsvMapping) {
    this.#file = file;
    this.#mapping = mapping;
  }

  read(text: string): void {
    this.#line += 1;
    // What some tools write before the first letter, and what others leave at the end of a line.
    const line = (this.#line === 1 ? text.replace(/^\uFEFF/, '') : text).replace(/\r$/, '');
    if (line === '') return;
    const fields = csvFields(line, this.#mapping.separator);
    if (fields === undefined) this.#wrong(line, 'every quote closed on its own line');
    else if (this.#places === undefined) this.#places = this.#heading(fields);
    else if (fields.length !== this.#places.count)
      this.#wrong(line, `${this.#places.count} fields as in the heading, not ${fields.length}`);
    else this.#row(fields, this.#places);
  }

  finish(): TraceTable {
    if (this.#line === 0) this.#wrong('', 'a heading and at least one request', 1);
    else if (this.#table.size === 0 && this.#problems.count === 0)
      this.#wrong('', 'at least one request below the heading', this.#line + 1);
    this.#problems.throwIfAny();
    return this.#table;
  }

  #heading(columns: readonly string[]): Places {
    const { arrival, inputTokens, outputTokens, region, model, tenant } = this.#mapping;
    const place = (field: { readonly column: string } | undefined): number => {
      if (field === undefined) return -1;
      const index = columns.indexOf(field.column);
      if (index === -1) this.#wrong(columns.join(','), `a column ${JSON.stringify(field.column)}`);
      return index;
    };
    return {
      arrival: place(arrival),
      inputTokens: place(inputTokens),
      outputTokens: place(outputTokens),
      region: place(region),
      model: place(model),
      tenant: place(tenant),
      count: columns.length,
    };
  }

  #row(fields: readonly string[], places: Places): void {
    const { arrival, inputTokens, outputTokens } = this.#mapping;
    const before = this.#problems.count;
    const atMs = this.#value(arrival.column, fields[places.arrival], (text) => readTime(text, arrival.unit));
    const input = this.#value(inputTokens.column, fields[places.inputTokens], readTokens);
    const output = this.#value(outputTokens.column, fields[places.outputTokens], readTokens);
    if (this.#problems.count > before) return;
    this.#table.add({
      atMs,
      inputTokens: input,
      outputTokens: output,
      region: fields[places.region],
      model: fields[places.model],
      tenant: fields[places.tenant],
    });
  }

  #value(
    column: string,
    text: string | undefined,
    read: (text: string) => { readonly value: number } | { readonly want: string },
  ): number {
    // A column that is not there was told of once, at the heading.
    if (text === undefined) return 0;
    const answer = read(text);
    if ('value' in answer) return answer.value;
    this.#problems.add({ file: this.#file, line: this.#line, column, got: text, want: answer.want });
    return 0;
  }

  #wrong(got: string, want: string, line = this.#line): void {
    this.#problems.add({ file: this.#file, line, got, want });
  }
}
