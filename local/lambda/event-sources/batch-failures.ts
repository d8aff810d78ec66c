import type { InvokeAnswer } from '../whole-answer.ts';

/**
 * Which messages of a batch have to come again, by what the function answered.
 *
 * @param reports whether the mapping has `ReportBatchItemFailures`: without it an answer that is no error is a success
 */
export function failedItems(
  ids: readonly string[],
  answer: Pick<InvokeAnswer, 'functionError' | 'payload'>,
  reports: boolean,
): ReadonlySet<string> {
  const all = new Set(ids);
  if (answer.functionError !== undefined) return all;
  if (!reports) return new Set();
  const told = parse(answer.payload);
  if (typeof told !== 'object' || told === null) return new Set();
  const failures: unknown = Reflect.get(told, 'batchItemFailures');
  if (failures === undefined || failures === null) return new Set();
  if (!Array.isArray(failures)) return all;
  const named = failures.map((failure) => Reflect.get(Object(failure), 'itemIdentifier'));
  // One name that Lambda does not know makes the whole batch a failure.
  return named.every((name) => all.has(name)) ? new Set(named) : all;
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
