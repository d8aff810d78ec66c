/** How fast turns come while somebody waits. Instants are milliseconds of one clock that never goes back. */
export interface GrantPace {
  /** Mean time between two turns; undefined until there were two in a row. */
  readonly gapMs?: number | undefined;
  /** The last turn. Undefined while nobody waits: the gap until the next one then says nothing of the target. */
  readonly lastAt?: number | undefined;
}

/** Weight of the newest gap: the mean is of about the last eight. */
const NEWEST = 1 / 8;

/** A gap of four means is chance once in fifty times; one that lasts longer says that turns have become rarer. */
const SILENT_GAPS = 4;

export const paceUnknown: GrantPace = {};

/** A turn was given; `othersWait` says whether the gap until the next one counts. */
export function afterGrant(pace: GrantPace, at: number, othersWait: boolean): GrantPace {
  const gap = pace.lastAt === undefined ? undefined : at - pace.lastAt;
  return {
    gapMs: gap === undefined ? pace.gapMs : mean(pace.gapMs, gap),
    lastAt: othersWait ? at : undefined,
  };
}

/** The line is empty: what comes after begins anew, as fast as it was known to be. */
export function afterEmpty({ gapMs }: GrantPace): GrantPace {
  return { gapMs };
}

/** Time until so many turns have been given, at the least, by what is known; undefined while nothing is. */
export function turnsMs({ gapMs, lastAt }: GrantPace, turns: number, at: number): number | undefined {
  if (gapMs === undefined) return undefined;
  const sinceLast = lastAt === undefined ? 0 : at - lastAt;
  return turns * Math.max(gapMs, sinceLast / SILENT_GAPS) - Math.min(gapMs, sinceLast);
}

function mean(before: number | undefined, gap: number): number {
  return before === undefined ? gap : before + (gap - before) * NEWEST;
}
