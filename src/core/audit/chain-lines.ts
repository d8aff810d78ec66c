/** The lines of a segment as they are read: by whoever checks them, and by whoever asks what was decided. */
import type { AuditRecord, HandedRecord } from './handed-record.ts';

export interface RecordLine extends HandedRecord {
  readonly kind: 'record';
  /** In its chain: 1 is the first. */
  readonly sequence: number;
  readonly previous: string;
}

export interface SealLine {
  readonly kind: 'seal';
  /** Sequences of the first and last records of the segment. */
  readonly first: number;
  readonly last: number;
  /** Of the first record of the segment before it: 0 where there is none. */
  readonly before: number;
  /** ISO 8601, UTC. */
  readonly sealedAt: string;
  readonly previous: string;
}

export type ChainLine = RecordLine | SealLine;

/** Without their ends. */
export const linesOf = (text: string): readonly string[] => {
  const lines = text.split('\n');
  // What every writer ends with is no line of its own.
  if (lines.at(-1) === '') lines.pop();
  return lines;
};

/** Undefined for what is no line of a chain. */
export function parseChainLine(line: string): ChainLine | undefined {
  const value = parseJson(line);
  if (!isObject(value) || typeof value.previous !== 'string') return undefined;
  const { previous } = value;
  if (isObject(value.seal)) return sealOf(value.seal, previous);
  const { sequence } = value;
  const handed = handedRecordOf(value);
  if (handed === undefined || !isCount(sequence)) return undefined;
  return { kind: 'record', sequence, previous, ...handed };
}

/** What a gateway handed over, as it came through a queue. Undefined for anything else. */
export function parseHandedRecord(text: string): HandedRecord | undefined {
  const value = parseJson(text);
  return isObject(value) ? handedRecordOf(value) : undefined;
}

function handedRecordOf({ writer, number, record }: Members): HandedRecord | undefined {
  if (typeof writer !== 'string' || !isCount(number) || !isRecord(record)) return undefined;
  return { writer, number, record };
}

function sealOf({ first, last, before, sealedAt }: Members, previous: string): SealLine | undefined {
  if (!isCount(first) || !isCount(last) || typeof sealedAt !== 'string') return undefined;
  if (before !== 0 && !isCount(before)) return undefined;
  return { kind: 'seal', first, last, before, sealedAt, previous };
}

type Members = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 1;

function isRecord(value: unknown): value is AuditRecord {
  if (!isObject(value)) return false;
  return ['id', 'at', 'region', 'residency', 'tenant'].every((name) => typeof value[name] === 'string');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
