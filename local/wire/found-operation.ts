import type { WireOperation } from './service-table.ts';

/** What of a request tells which operation it calls. */
export interface RequestLine {
  readonly method: string;
  /** Still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export interface FoundOperation {
  readonly operation: WireOperation;
  /** Path labels, still percent-encoded. */
  readonly labels: readonly string[];
}
