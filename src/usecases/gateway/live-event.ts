import type { LiveEvent } from '#contract/live.ts';
import { type Lane, lanes } from '#core/capacity/lane.ts';
import { durationAt } from '#core/live/duration-counts.ts';
import { type InstantMs, isoOfInstant } from '#core/units/instant-ms.ts';
import { LiveSecond, type LiveVisits, LiveWindow } from './live-cell.ts';
import { tenths } from './live-slow.ts';
import type { LiveSubject, LiveTally } from './live-tally.ts';

/** What a viewer may see of a gateway's requests. Viewers with one key see the same. */
export interface LiveView {
  readonly key: string;
  /** An operator's. */
  readonly everything: boolean;
  sees(subject: LiveSubject): boolean;
}

/** A call that stands in a line, or holds a slot. */
export interface StandingCall extends LiveSubject {
  readonly lane: Lane;
  readonly target: string;
  /** Slots of the target that its gateway region may hold. */
  readonly slotsMax?: number | undefined;
}

/** What a second looks like at its end. */
export interface LiveMoment {
  readonly at: InstantMs;
  readonly atMs: number;
  readonly coversMs: number;
  readonly gateway: string;
  readonly waiting: readonly StandingCall[];
  readonly held: readonly StandingCall[];
}

const TARGETS_MAX = 100;
const WENT_MAX = 200;
const SLOW_MAX = 5;
const HOUR_MS = 3_600_000;

/** What one view is told of a second. */
export function liveEventOf(view: LiveView, tally: LiveTally, moment: LiveMoment): LiveEvent {
  const { second, windows, went, slow } = countedFor(view, tally);
  const whole = new LiveWindow();
  for (const window of windows.values()) whole.addAll(window);
  const windowMs = tally.windowMs(moment.atMs);
  return {
    at: isoOfInstant(moment.at),
    coversMs: tenths(moment.coversMs),
    gateway: moment.gateway,
    sees: view.everything ? 'everything' : 'tenant',
    windowMs: tenths(windowMs),
    requests: second.requests,
    tiers: second.tiers,
    spilled: second.spilled,
    failovers: second.failovers,
    outcomes: Object.fromEntries(second.outcomes),
    inputTokens: second.inputTokens,
    outputTokens: second.outputTokens,
    costUsdPerHour: windowMs > 0 ? Math.round((whole.microUsd * HOUR_MS) / windowMs) / 1e6 : 0,
    unpriced: whole.unpriced,
    models: [...windows].map(([model, window]) => ({
      model,
      requests: window.requests,
      firstContentMs: percentilesOf(window.firstContents),
      totalMs: percentilesOf(window.totals),
    })),
    went: wentOf(went),
    lanes: lanesOf(view, moment),
    targets: targetsOf(view, moment),
    slow: slow.sort((left, right) => right.totalMs - left.totalMs).slice(0, SLOW_MAX),
    uncounted: view.everything ? tally.uncounted : 0,
  };
}

/** By residency and region: calls that were sent there. */
type Went = Map<string, Map<string, LiveVisits>>;

function countedFor(view: LiveView, tally: LiveTally) {
  const second = new LiveSecond();
  const windows = new Map<string, LiveWindow>();
  const went: Went = new Map();
  const slow: LiveEvent['slow'] = [];
  for (const [subject, cell] of tally.cells()) {
    if (!view.sees(subject)) continue;
    second.addAll(cell.second);
    slow.push(...cell.slow.told());
    const window = cell.window();
    if (window.requests === 0) continue;
    addVisits(went, subject.residency, window);
    const known = windows.get(subject.model);
    if (known === undefined) windows.set(subject.model, window);
    else known.addAll(window);
  }
  return { second, windows, went, slow };
}

function addVisits(went: Went, residency: string, { visits }: LiveWindow): void {
  const regions = went.get(residency) ?? new Map<string, LiveVisits>();
  went.set(residency, regions);
  for (const [target, { asked, answered }] of visits) {
    const region = regionOf(target);
    const sum = regions.get(region) ?? { asked: 0, answered: 0 };
    regions.set(region, { asked: sum.asked + asked, answered: sum.answered + answered });
  }
}

function wentOf(went: Went): LiveEvent['went'] {
  const told = [...went].flatMap(([residency, regions]) =>
    Array.from(regions, ([region, visits]) => ({ residency, region, ...visits })),
  );
  return told.sort((left, right) => right.asked - left.asked).slice(0, WENT_MAX);
}

/** Ids of targets are `<account>/<region>/<what is called>`. */
const regionOf = (target: string): string => target.split('/')[1] ?? '';

function percentilesOf(counts: Uint32Array): { readonly p50: number; readonly p95: number } | null {
  const [p50, p95] = [durationAt(counts, 0.5), durationAt(counts, 0.95)];
  return p50 === undefined || p95 === undefined ? null : { p50: tenths(p50), p95: tenths(p95) };
}

function lanesOf(view: LiveView, { waiting, held }: LiveMoment): LiveEvent['lanes'] {
  const told = Object.fromEntries(lanes.map((lane) => [lane, { waiting: 0, slots: 0 }]));
  const tell = (calls: readonly StandingCall[], what: 'waiting' | 'slots'): void => {
    for (const call of calls) {
      const lane = told[call.lane];
      if (lane !== undefined && view.sees(call)) lane[what] += 1;
    }
  };
  tell(waiting, 'waiting');
  tell(held, 'slots');
  return told as LiveEvent['lanes'];
}

/** The fullest first. How many slots there are for everybody together is for operators. */
function targetsOf(view: LiveView, { held }: LiveMoment): LiveEvent['targets'] {
  const targets = new Map<string, LiveEvent['targets'][number]>();
  for (const call of held) {
    if (!view.sees(call)) continue;
    const { target, slotsMax } = call;
    const known = targets.get(target);
    if (known !== undefined) known.slots += 1;
    else
      targets.set(target, {
        target,
        slots: 1,
        ...(view.everything && slotsMax !== undefined ? { slotsMax } : {}),
      });
  }
  return [...targets.values()].sort((left, right) => right.slots - left.slots).slice(0, TARGETS_MAX);
}
