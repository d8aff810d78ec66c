import type { AvailabilityTarget } from '#contract/availability-cells.ts';

/** One target that is not as it was in the answer before. */
export interface SeenChange {
  /** ISO 8601: since when it is so, as far as the answer tells; of a target that left, when that was seen. */
  readonly at: string;
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly model?: string | undefined;
  readonly modelId?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly profileId?: string | undefined;
  readonly kind: 'appeared' | 'left' | 'changed';
  /** States; absent where it was not there. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly reasons: readonly string[];
}

/** What moved from one answer to the next, in order of time. Nothing moved where only ages did. */
export function compareAnswers(
  before: readonly AvailabilityTarget[],
  after: readonly AvailabilityTarget[],
  /** ISO 8601: when the second one was given. */
  seenAt: string,
): readonly SeenChange[] {
  const old = new Map(before.map((target) => [target.id, target]));
  const now = new Set(after.map(({ id }) => id));
  const moved = after.flatMap((target): SeenChange[] => {
    const was = old.get(target.id);
    if (was?.state === target.state) return [];
    const { state: to, reasons, since: at } = target;
    const kind = was === undefined ? 'appeared' : 'changed';
    return [{ ...identityOf(target), at, kind, ...(was && { from: was.state }), to, reasons }];
  });
  const left = before
    .filter(({ id }) => !now.has(id))
    .map((was) => ({ ...identityOf(was), at: seenAt, kind: 'left' as const, from: was.state, reasons: [] }));
  return [...moved, ...left].sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
}

function identityOf({ id, account, region, model, modelId, endpoint, profileId }: AvailabilityTarget) {
  return { id, account, region, model, modelId, endpoint, profileId };
}
