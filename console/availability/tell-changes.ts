/** What moved between two moments, in sentences; and how the two moments are asked for. */
import type { AvailabilityChanges } from '#contract/availability-changes.ts';
import { stateText } from './words.ts';

type Change = AvailabilityChanges['changes'][number];

export interface ChangeLine {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  /** ISO 8601. */
  readonly at: string;
  readonly text: string;
  /** What could be done about how it is now. */
  readonly hint: string;
}

export const changeLine = (change: Change): ChangeLine => ({
  id: change.id,
  name: change.endpoint ?? change.profileId ?? change.modelId ?? change.id,
  place: `${change.region}, ${change.account}`,
  at: change.at,
  text: textOf(change),
  hint: change.hint.text,
});

function textOf({ kind, before, after, steps }: Change): string {
  const was = before === undefined ? undefined : stateText(before.state);
  const is = after === undefined ? undefined : stateText(after.state);
  switch (kind) {
    case 'appeared':
      return `New: ${is ?? 'it is listed'}`;
    case 'left':
      return `Gone; before: ${was ?? 'it was listed'}`;
    case 'changed':
      return `${is ?? 'not listed'}; before: ${was ?? 'not listed'}`;
    case 'returned':
      return `As before (${is ?? 'not listed'}), after ${steps.length} moves`;
    case 'lost':
      return 'It moved, and nobody noted how';
  }
}

export interface Moments {
  /** `day` or `week` back from now, or `between` the two below. */
  readonly span: 'day' | 'week' | 'between';
  /** As an input for date and time holds it, in UTC: `2026-11-22T05:10`. Empty: not said. */
  readonly from: string;
  readonly to: string;
}

const DAY_MS = 86_400_000;

/** @returns undefined while a moment is missing or they stand in the wrong order */
export function changesPath({ span, from, to }: Moments, now: number): string | undefined {
  const since = span === 'between' ? utc(from) : now - (span === 'day' ? 1 : 7) * DAY_MS;
  const until = span === 'between' ? utc(to) : undefined;
  if (Number.isNaN(since) || (span === 'between' && !(until !== undefined && until > since)))
    return undefined;
  const query = new URLSearchParams({ since: new Date(since).toISOString() });
  if (until !== undefined) query.set('until', new Date(until).toISOString());
  return `/spillway/v1/availability/changes?${query}`;
}

const utc = (text: string): number => Date.parse(`${text}Z`);
