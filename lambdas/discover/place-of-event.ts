import * as z from 'zod';
import { houseError } from '#core/errors/catalogue.ts';
import type { Place } from '#runtime/control-runtime.ts';

/** EventBridge adds members of its own; only these are read. */
const eventSchema = z
  .object({
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be 12 digits')
      .optional(),
    region: z.string().min(1, 'must be a region code').optional(),
  })
  .nullish();

/**
 * The place that an event names; what it leaves out is the function's own.
 *
 * @throws HouseError `invalid_event` that names every member that is wrong
 */
export function placeOfEvent(event: unknown): Partial<Place> {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `${issue.path.join('.') || 'event'}: ${issue.message}`,
    );
    throw houseError('invalid_event', {
      message: `want { account?, region? }; ${problems.join('; ')}`,
    });
  }
  const { account, region } = parsed.data ?? {};
  return { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) };
}
