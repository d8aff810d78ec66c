import type { InstantMs } from '../units/instant-ms.ts';
import type { DecisionQuestion, Judged, RejectionCode, RemovalCode } from './decision.ts';
import { restsUntil } from './filters/capacity-filter.ts';

/** When one of these alone explains why no lawful target is left, the answer says so. */
const explanations: readonly { readonly codes: readonly RemovalCode[]; readonly code: RejectionCode }[] = [
  { codes: ['tenant-forbidden', 'retention-forbidden'], code: 'model_not_allowed' },
  { codes: ['capability-missing', 'context-too-long'], code: 'invalid_request' },
  { codes: ['budget-exhausted', 'price-unknown'], code: 'budget_exhausted' },
  { codes: ['deadline-too-short'], code: 'deadline_exceeded' },
];

/**
 * Why nothing is left. No target within the residency, whatever its health: `no_lawful_target`. Otherwise the reason
 * that all lawful ones share; and where some only rest, the time at which the first may be asked again.
 */
export function rejectionOf(
  judged: readonly Judged[],
  question: DecisionQuestion,
): { readonly code: RejectionCode; readonly retryAt?: InstantMs } {
  const lawful = judged.filter(({ candidate }) => candidate.verdict.lawful);
  if (lawful.length === 0)
    return { code: question.lawfulButUnusable === true ? 'upstream_failed' : 'no_lawful_target' };
  const waiting = lawful.filter(({ candidate }) => !question.tried.has(candidate.target.id));
  const codes = waiting.flatMap(({ removal }) => removal?.code ?? []);
  const explained = explanations.find(
    (explanation) => codes.length > 0 && codes.every((code) => explanation.codes.includes(code)),
  );
  if (explained !== undefined) return { code: explained.code };
  const full = lawful.filter(({ removal }) => removal?.code === 'no-capacity');
  const others = codes.filter((code) => code !== 'no-capacity' && code !== 'state-unusable');
  const failed = lawful.some(
    ({ candidate, removal }) => question.tried.has(candidate.target.id) && removal?.code !== 'no-capacity',
  );
  if (full.length === 0 || others.length > 0 || failed) return { code: 'upstream_failed' };
  const times = full.flatMap(({ candidate }) => restsUntil(candidate, question) ?? []);
  return { code: 'capacity_exhausted', ...(times.length === 0 ? {} : { retryAt: Math.min(...times) }) };
}
