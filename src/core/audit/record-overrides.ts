import { strictestWords } from '../controls/strictest-words.ts';
import type { PlacedDisabledTarget } from '../plan/disabled-target.ts';
import type { NotedDecision } from './note-decision.ts';
import { present } from './present-members.ts';
import type { Place } from './recorded-decision.ts';

/** An operator's word as a record tells it: nothing of who said it, or why. */
export interface RecordedOverride {
  readonly kind: 'disable';
  readonly candidate: Place;
  readonly region: string;
  /** ISO 8601 UTC. */
  readonly since?: string;
  readonly until: string;
  readonly orderId?: string;
}

/**
 * Of each candidate that was disabled at one of these decisions, the word that ends last.
 *
 * @param words what operators said, as it stood at them
 */
export function recordOverrides(
  decisions: readonly Pick<NotedDecision, 'question' | 'roster'>[],
  words: readonly (readonly PlacedDisabledTarget[])[],
): readonly RecordedOverride[] {
  const disabled = new Set(decisions.flatMap(({ question }) => [...question.disabled]));
  // Words of different regions about one target are compared as if one region had said them.
  const ofTarget = strictestWords(
    words.map((copy) => copy.map((word) => ({ ...word, region: '', saidIn: word.region }))),
    ({ target }) => target,
  );
  const byTarget = new Map(ofTarget.map((word) => [word.target, word]));
  const seen = new Set<string>();
  return (decisions[0]?.roster.members ?? []).flatMap(({ target: { id } }, candidate) => {
    const word = byTarget.get(id);
    if (word === undefined || !disabled.has(id) || seen.has(id)) return [];
    seen.add(id);
    const { saidIn: region, since, until, orderId } = word;
    return [
      {
        kind: 'disable' as const,
        candidate,
        region,
        ...present('since', since),
        until,
        ...present('orderId', orderId),
      },
    ];
  });
}
