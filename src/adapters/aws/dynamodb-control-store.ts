/**
 * The strongly consistent set of operators' words: a small table of its own, over three regions.
 *
 *     region     item                        what
 *     <region>   hold#<model>#<residency>    a hold, written by that region
 *     <region>   disabled#<target id>        a target that is not to be called, written by that region
 *
 * Every read is strongly consistent, which in such a table holds across regions. It knows no time to live, so a region
 * that writes clears away its own words that ended long ago.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readDisabledTarget } from '#contract/disabled-item.ts';
import { holdSchema } from '#contract/hold-item.ts';
import { controlKeys } from '#contract/resources.ts';
import {
  disabledSort,
  disabledSortPrefix,
  holdSort,
  holdSortPrefix,
  targetOfSort,
} from '#contract/table-keys.ts';
import type { Clock } from '#usecases/ports/clock.ts';
import type { ControlStore } from '#usecases/ports/control-store.ts';
import type { TableCondition } from './dynamodb-expressions.ts';
import { createDynamodbTable, type TableItem } from './dynamodb-table.ts';

/** Long enough for people to see what stood. */
const ENDED_KEPT_MS = 7 * 86_400_000;
/** Of one write: the next one goes on. */
const CLEARED_MAX = 25;

export interface DynamodbControlStoreOptions {
  readonly client: DynamoDBClient;
  /** Name or ARN. */
  readonly table: string;
  /** Whose words this store writes. */
  readonly region: string;
  /** Regions whose words are read. */
  readonly regions: readonly string[];
  readonly clock: Pick<Clock, 'now'>;
  /** @default 2000 */
  readonly callMsMax?: number | undefined;
}

export function createDynamodbControlStore(options: DynamodbControlStoreOptions): ControlStore {
  const { client, region, clock, callMsMax } = options;
  const table = createDynamodbTable({ client, table: options.table, keys: controlKeys, callMsMax });
  const regions = [...new Set([region, ...options.regions])];
  const load = async (sortPrefix: string) => {
    const pages = await Promise.all(
      regions.map(async (each) => {
        const items = await table.query({ partition: each, sortPrefix });
        return items.map((item) => ({ item, region: each }));
      }),
    );
    return pages.flat();
  };
  const clearEnded = async (): Promise<void> => {
    const items = await table.query({ partition: region });
    const ended = items.filter((item) => endOf(item) < clock.now() - ENDED_KEPT_MS).slice(0, CLEARED_MAX);
    for (const item of ended)
      await table.delete({ partition: region, sort: String(item[controlKeys.sort]) }, asRead(item));
  };
  const save = async (sort: string, word: TableItem): Promise<void> => {
    await table.put({ [controlKeys.partition]: region, [controlKeys.sort]: sort, ...word });
    // The word stands: what is left of old ones harms nobody, and the next write clears it.
    await clearEnded().catch(() => undefined);
  };
  return {
    region,
    async loadHolds() {
      return (await load(holdSortPrefix)).flatMap(({ item, region: each }) => {
        const parsed = holdSchema.safeParse(item.hold);
        return parsed.success ? [{ ...parsed.data, region: each }] : [];
      });
    },
    saveHold: (hold) => save(holdSort(hold.model, hold.residency), { hold: { ...hold } }),
    async loadDisabled() {
      return (await load(disabledSortPrefix)).map(({ item, region: each }) => {
        const target = targetOfSort(String(item[controlKeys.sort]));
        return { ...readDisabledTarget(item.disabled, target), region: each };
      });
    },
    saveDisabled: (entry) => save(disabledSort(entry.target), { disabled: { ...entry } }),
  };
}

/** Not where the same was said anew since it was read: that word stands. */
function asRead({ hold, disabled }: TableItem): TableCondition {
  const [name, word] = hold === undefined ? ['disabled', disabled] : ['hold', hold];
  return {
    expression: '#word.#until = :until',
    names: { '#word': String(name), '#until': 'until' },
    values: { ':until': (word as { until: string }).until },
  };
}

/** A word whose end cannot be read has not ended. */
function endOf({ hold, disabled }: TableItem): number {
  const until = (hold as { until?: unknown } | undefined)?.until ?? (disabled as { until?: unknown })?.until;
  const end = typeof until === 'string' ? Date.parse(until) : Number.NaN;
  return Number.isNaN(end) ? Infinity : end;
}
