import { isHouseError } from '#core/errors/house-error.ts';

/** A refusal with its reason in words, or what was done. */
export type OperationResult<Done> =
  | ({ readonly ok: true } & Done)
  | { readonly ok: false; readonly why: string };

/** Codes that are answers to an operator, not trouble with the tables. */
const refusalCodes: readonly string[] = [
  'route_unknown',
  'version_unknown',
  'hold_unknown',
  'region_unknown',
  'key_unknown',
  'key_slots_taken',
  'key_not_live',
  'condition_lost',
  'control_unconfirmed',
  'audit_unwritable',
];

/** Turns an operator's refusal into an answer; what the tables throw goes on. */
export async function refusable<Done>(act: () => Promise<Done>): Promise<OperationResult<Done>> {
  try {
    return { ok: true, ...(await act()) };
  } catch (error) {
    if (isHouseError(error) && refusalCodes.includes(error.code))
      return { ok: false, why: sentenceOf(error.message) };
    throw error;
  }
}

const sentenceOf = (message: string): string => `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
