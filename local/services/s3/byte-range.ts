import { storeError } from './store-error.ts';

/** First and last byte, both counted. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The part of `length` bytes that a Range header asks for. `undefined` means all of it: no header, or one that is not
 * a single range of bytes, which S3 ignores. Throws InvalidRange (416) where it lies behind the end.
 */
export function readRange(header: string | undefined, length: number): ByteRange | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  const isSuffix = from === '';
  const first = isSuffix ? Math.max(0, length - Number(to)) : Number(from);
  const last = isSuffix || to === '' ? length - 1 : Math.min(Number(to), length - 1);
  if (!isSuffix && to !== '' && Number(to) < Number(from)) return undefined;
  if (first > last) throw storeError('InvalidRange', 'The requested range is not satisfiable');
  return { first, last };
}
