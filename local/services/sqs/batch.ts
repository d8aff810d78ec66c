import {
  BatchEntryIdsNotDistinct,
  type BatchResultErrorEntry,
  EmptyBatchRequest,
  InvalidBatchEntryId,
  TooManyEntriesInBatchRequest,
} from '@aws-sdk/client-sqs';
import { WireError } from '../../wire/wire-error.ts';

/** Entries of one batch, AWS's own bound. */
const entriesMax = 10;
const entryId = /^[A-Za-z0-9_-]{1,80}$/;

interface BatchEntry {
  readonly Id?: string | undefined;
}

interface BatchOutcome<Result> {
  readonly Successful: readonly (Result & { readonly Id: string })[];
  readonly Failed: readonly BatchResultErrorEntry[];
}

/** Runs every entry on its own: one that is refused leaves the others alone. */
export function runBatch<Entry extends BatchEntry, Result extends object>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry) => Result,
): BatchOutcome<Result> {
  checkEntries(entries ?? []);
  const successful: (Result & { Id: string })[] = [];
  const failed: BatchResultErrorEntry[] = [];
  for (const entry of entries ?? []) {
    const Id = entry.Id ?? '';
    try {
      successful.push({ ...run(entry), Id });
    } catch (error) {
      const { name, message } = error as Error;
      failed.push({ Id, SenderFault: true, Code: name, Message: message });
    }
  }
  return { Successful: successful, Failed: failed };
}

function checkEntries(entries: readonly BatchEntry[]): void {
  const $metadata = {};
  if (entries.length === 0)
    throw new EmptyBatchRequest({ message: 'There should be at least one entry in the request.', $metadata });
  if (entries.length > entriesMax) {
    const message = `Maximum number of entries per request are ${entriesMax}. You have sent ${entries.length}.`;
    throw new TooManyEntriesInBatchRequest({ message, $metadata });
  }
  const ids = entries.map(({ Id = '' }) => Id);
  const bad = ids.find((id) => !entryId.test(id));
  if (bad !== undefined)
    throw new InvalidBatchEntryId({
      message: `A batch entry id must match ${entryId.source}: '${bad}'.`,
      $metadata,
    });
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined)
    throw new BatchEntryIdsNotDistinct({ message: `Id ${repeated} repeated.`, $metadata });
}

export function invalidParameter(message: string): WireError {
  return new WireError('InvalidParameterValue', 400, message);
}

/** A whole number within bounds, or its default; a refusal names all three. */
export function wholeNumber(
  name: string,
  value: number | undefined,
  { min, max, initial }: { readonly min: number; readonly max: number; readonly initial: number },
): number {
  if (value === undefined) return initial;
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidParameter(
    `Value ${value} for parameter ${name} is invalid. Reason: Must be ${min} to ${max}.`,
  );
}
