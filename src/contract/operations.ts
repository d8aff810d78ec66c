/** What operators may order over HTTP: the bodies of `POST /spillway/v1/operations/{pin|rollback|lift|disable}`. */
import * as z from 'zod';
import { whole } from './config-values.ts';
import {
  ORDER_HOURS_MAX,
  ORDER_HOURS_USUAL,
  ORDER_REASON_CHARACTERS_MAX,
  orderReasonPattern,
} from './order-limits.ts';

const VERSION_MAX = 99_999_999;

const named = (what: string) => {
  const expected = `must be the name of a ${what}`;
  return z.string(expected).min(1, expected).max(64, expected);
};
const REASON_EXPECTED = `must say why, in 1 to ${ORDER_REASON_CHARACTERS_MAX} characters of one line`;
const reason = z
  .string(REASON_EXPECTED)
  .max(ORDER_REASON_CHARACTERS_MAX, REASON_EXPECTED)
  .regex(orderReasonPattern, REASON_EXPECTED);
const TARGET_EXPECTED = 'must be the id of a target: <account>/<region>/<model, profile or endpoint>';

const route = { model: named('model'), residency: named('residency'), reason };

/** By operation. `hours`: how long it holds. */
export const operationSchemas = {
  pin: z.strictObject({
    ...route,
    /** Nothing is done where another version stands. @default - whichever does */
    version: whole(1, VERSION_MAX).optional(),
    hours: whole(1, ORDER_HOURS_MAX).default(ORDER_HOURS_USUAL),
  }),
  rollback: z.strictObject({
    ...route,
    version: whole(1, VERSION_MAX),
    /** The version that must stand before it: nothing is done where another one does. @default - whichever does */
    standing: whole(1, VERSION_MAX).optional(),
    hours: whole(1, ORDER_HOURS_MAX).default(ORDER_HOURS_USUAL),
    leaveOutForbidden: z.boolean('must be true or false').default(false),
  }),
  /** Ends a hold before its time. */
  lift: z.strictObject(route),
  disable: z.strictObject({
    target: z
      .string(TARGET_EXPECTED)
      .max(512, TARGET_EXPECTED)
      .regex(/^[0-9]{12}\/[a-z0-9-]+\/[\x21-\x7e]+$/, TARGET_EXPECTED),
    reason,
    /** 0 ends it. */
    hours: whole(0, ORDER_HOURS_MAX).default(ORDER_HOURS_USUAL),
  }),
} as const;

export type OperationName = keyof typeof operationSchemas;
/** One order with its name. */
export type Operation = {
  [Name in OperationName]: { readonly name: Name; readonly order: z.output<(typeof operationSchemas)[Name]> };
}[OperationName];
