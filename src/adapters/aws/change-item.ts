/** How one change is stored: as an item of the log, and packed with others beside the report that it belongs to. */
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { targetStates } from '#contract/route-item.ts';
import type { KeptChanges, ObservationChange } from '#core/discovery/observation.ts';
import {
  packTarget,
  type StoredReport,
  storedObservation,
  unpackTarget,
  unzipped,
} from './observation-item.ts';

const storedChange = z.object({
  target: z.string(),
  from: z.enum(targetStates).optional(),
  fromReasons: z.array(z.string()).optional(),
  fromSince: z.number().optional(),
  /** Absent from the change by which a target left. */
  to: z.enum(targetStates).optional(),
  reasons: z.array(z.string()),
  at: z.number(),
  last: storedObservation.optional(),
});

interface Place {
  readonly account: string;
  readonly region: string;
}

/** The attributes of a change; members that are undefined are not written. */
export function changeAttributes(change: ObservationChange): Readonly<Record<string, unknown>> {
  const { last, ...rest } = change;
  return { ...rest, ...(last === undefined ? {} : { last: JSON.parse(JSON.stringify(packTarget(last))) }) };
}

/** @throws an Error for what is no change of ours */
export function readChange(value: unknown, place: Place): ObservationChange {
  const { from, to, last, ...rest } = storedChange.parse(value);
  if (last === undefined) return { ...rest, from, to };
  const known = unpackTarget(last, place);
  // What it is decides who may hear of it: it must be of this very target.
  if (known.id !== rest.target) throw new Error(`${rest.target} left as ${known.id}`);
  return { ...rest, from, to, last: known };
}

/** What a report's item keeps of its history. */
export function packHistory(history: KeptChanges | undefined): Pick<StoredReport, 'historyFrom' | 'latest'> {
  if (history === undefined) return {};
  const { from, latest } = history;
  if (latest.length === 0) return { historyFrom: from };
  return { historyFrom: from, latest: gzipSync(JSON.stringify(latest.map(changeAttributes))) };
}

/** Undefined where nothing was kept, and for what cannot be read: then nobody knows what is missing. */
export function unpackHistory(
  { historyFrom, latest }: Pick<StoredReport, 'historyFrom' | 'latest'>,
  place: Place,
): KeptChanges | undefined {
  if (historyFrom === undefined) return undefined;
  if (latest === undefined) return { from: historyFrom, latest: [] };
  try {
    const changes = z.array(z.unknown()).parse(unzipped(latest));
    return { from: historyFrom, latest: changes.map((change) => readChange(change, place)) };
  } catch {
    return undefined;
  }
}
