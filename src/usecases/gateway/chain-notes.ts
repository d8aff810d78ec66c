import type { WorkKind } from '#core/call/work.ts';
import { traceIdOf } from '#core/trace/span-of-call.ts';
import { stableHash } from '#core/units/stable-hash.ts';
import type { ChainMetrics } from '../ports/gateway-metrics.ts';
import { beginningOf, type LearnedBook } from './learned-book.ts';
import type { WriteBehind } from './write-behind.ts';

/** Chains of a tenant after which not every one is followed any more. Counts that are halved stay above it. */
const KNOWN_CHAINS = 32;
/** Of the chains of a tenant that is known, one in so many is followed: each stands for the others. */
const FOLLOWED_ONE_IN = 16;

/** What of a job says what it is in its chain. */
interface ChainJob {
  readonly arrival: { readonly url: URL };
  readonly placement: { readonly tenant: { readonly name: string } };
  readonly call: {
    readonly work: { readonly kind: WorkKind; readonly request: { readonly model: string } };
    readonly options: { readonly traceparent?: string | undefined };
  };
  readonly chain?: { readonly firstModel: string } | undefined;
  readonly preWarms?: { readonly sent: number } | undefined;
}

/**
 * Follows chains whose calls come to several processes: each call is noted in the table behind its answer, and whoever notes
 * it learns what it was in its chain. All processes follow the same chains, by their trace ids.
 */
export interface ChainNotes {
  /** A call has ended. Undefined where it is no call of a chain that is followed; else over when all is counted. Never rejects. */
  ended(job: ChainJob, isCold: boolean): Promise<void> | undefined;
}

export interface ChainNotesParts {
  readonly learned: Pick<LearnedBook, 'chainBegan' | 'chainCalled' | 'chainsOf' | 'note'>;
  readonly metrics: ChainMetrics;
  readonly behind: Pick<WriteBehind, 'add'>;
  readonly now: () => number;
}

export function createChainNotes(parts: ChainNotesParts): ChainNotes {
  const { learned, behind } = parts;
  return {
    ended: (job, isCold) => {
      if (job.chain === undefined) return undefined;
      const known = learned.chainsOf(job.placement.tenant.name);
      const noting =
        known instanceof Promise
          ? known.then((chains) => followed(parts, job, { chains, isCold }))
          : followed(parts, job, { chains: known, isCold });
      if (noting !== undefined) behind.add(noting);
      return noting;
    },
  };
}

function followed(
  parts: ChainNotesParts,
  job: ChainJob,
  { chains, isCold }: { readonly chains: number; readonly isCold: boolean },
): Promise<void> | undefined {
  const traceId = traceIdOf(job.call.options.traceparent ?? '');
  const weight = chains < KNOWN_CHAINS ? 1 : FOLLOWED_ONE_IN;
  if (stableHash(traceId) % weight === 0) return note(parts, job, { traceId, isCold, weight });
  countPreWarms(parts, job);
  return undefined;
}

async function note(
  parts: ChainNotesParts,
  job: ChainJob,
  {
    traceId,
    isCold,
    weight,
  }: { readonly traceId: string; readonly isCold: boolean; readonly weight: number },
): Promise<void> {
  const { learned, metrics, now } = parts;
  const { call, placement, arrival } = job;
  const tenant = placement.tenant.name;
  const { model } = call.work.request;
  const place = await learned.note({
    ...{ tenant, traceId, model, isCold, at: now() },
    route: arrival.url.pathname,
    needsModel: call.work.kind !== 'count-tokens',
  });
  if (place === undefined) return countPreWarms(parts, job);
  const { firstModel, isFirst, isNewModel, turnedCold } = place;
  const beginning = beginningOf({ model: firstModel, route: place.route });
  if (isFirst) learned.chainBegan(tenant, beginning);
  if (isNewModel) learned.chainCalled(tenant, beginning, model);
  metrics.chainCalled({ at: now(), firstModel, isFirst, turnedCold, preWarms: preWarmsOf(job), weight });
}

const preWarmsOf = ({ preWarms }: ChainJob): number => preWarms?.sent ?? 0;

/** Of a chain that is not followed no more is known. */
function countPreWarms({ metrics, now }: ChainNotesParts, job: ChainJob): void {
  const preWarms = preWarmsOf(job);
  const firstModel = job.chain?.firstModel;
  if (preWarms === 0 || firstModel === undefined) return;
  metrics.chainCalled({ at: now(), firstModel, isFirst: false, turnedCold: false, preWarms, weight: 0 });
}
