/** Fields of a wire format that no lawful target can honour, as a strict schema takes them: where they ask for nothing. */
import * as z from 'zod';
import type { RefusedFields } from './body-violations.ts';

/** Null asks for nothing, and some clients write every member of their format. */
export function refusedUnlessNull(refused: RefusedFields): Readonly<Record<never, never>> {
  return Object.fromEntries(
    Object.entries(refused).map(([field, reason]) => [field, z.null(refusal(reason)).optional()]),
  );
}

/** Besides null a field may say what leaving it out means. */
export function refusedUnless<Neutral extends z.core.util.Literal>(
  neutral: Neutral,
  field: string,
  refused: RefusedFields,
) {
  return z.literal(neutral, refusal(refused[field] ?? '')).nullish();
}

function refusal(reason: string): string {
  return `is not supported: ${reason}`;
}
