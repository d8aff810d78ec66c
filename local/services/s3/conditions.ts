import type { StoredObject } from './buckets.ts';
import { storeError } from './store-error.ts';

interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

interface ReadConditions extends WriteConditions {
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

/** Judges a write by what stands under its key. Throws PreconditionFailed (412) or NoSuchKey (404). */
export function checkWrite(
  standing: StoredObject | undefined,
  { IfMatch, IfNoneMatch }: WriteConditions,
): void {
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*')
    throw storeError('NotImplemented', 'If-None-Match takes * only in a write.');
  if (IfNoneMatch === '*' && standing !== undefined) throw preconditionFailed('If-None-Match');
  if (IfMatch === undefined) return;
  if (standing === undefined) throw storeError('NoSuchKey', 'The specified key does not exist.');
  if (!matches(IfMatch, standing.etag)) throw preconditionFailed('If-Match');
}

/** Judges a read. Throws PreconditionFailed (412) or NotModified (304). */
export function checkRead({ etag, modifiedAt }: StoredObject, conditions: ReadConditions): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  if (IfMatch !== undefined) {
    if (!matches(IfMatch, etag)) throw preconditionFailed('If-Match');
  } else if (IfUnmodifiedSince !== undefined && modifiedAt > IfUnmodifiedSince) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  const isKnown =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && modifiedAt <= IfModifiedSince
      : matches(IfNoneMatch, etag);
  if (isKnown) throw storeError('NotModified', 'Not Modified');
}

function matches(condition: string, etag: string): boolean {
  const bare = (text: string) => text.trim().replaceAll('"', '');
  return condition === '*' || condition.split(',').some((wish) => bare(wish) === bare(etag));
}

function preconditionFailed(header: string): Error {
  return storeError(
    'PreconditionFailed',
    `At least one of the pre-conditions you specified did not hold: ${header}`,
  );
}
