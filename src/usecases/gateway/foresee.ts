import type { Candidate, Decision } from '#core/decide/decision.ts';
import type { Tier } from '#core/target.ts';
import { decideCall } from './decide.ts';
import type { Job } from './job.ts';
import { begun, type Progress, withDenial, withoutQuota } from './progress.ts';
import type { QuotaDenial } from './quota-pools.ts';
import type { Services } from './services.ts';
import { type ForeseenDenial, Slot } from './slot.ts';
import { slotsAt } from './slot-demand.ts';
import { foreseeQuota } from './take-quota.ts';
import { wantedTier } from './wanted-tier.ts';

/** What a target of the plan would answer to the call. */
export type Foreseen =
  | { readonly by: 'slot'; readonly denial: ForeseenDenial }
  | {
      readonly by: 'quota';
      readonly denial: QuotaDenial;
      /** It would be sent all the same if nobody else could answer. */
      readonly isSentAtLast: boolean;
    };

/**
 * What would become of a call now: the decision, and admission as far as this process knows it. Nobody is asked, nothing
 * is taken, and no model is called.
 */
export function foresee(
  services: Services,
  job: Job,
): { readonly decision: Decision; readonly denials: ReadonlyMap<string, Foreseen> } {
  const denials = new Map<string, Foreseen>();
  const first = decideCall(services, job, begun.learned);
  if (first.kind === 'rejected') {
    foreseeBeyond(services, job, { decision: first, denials });
    return { decision: first, denials };
  }
  const wanted = wantedTier(job, first);
  let progress: Progress = begun;
  let decision: Decision = first;
  while (decision.kind === 'routed') {
    const before = denials.size;
    for (const candidate of decision.plan) {
      const foreseen = foreseeAt(services, job, { candidate, plan: decision.plan, wanted });
      if (foreseen === undefined || denials.has(candidate.target.id)) continue;
      denials.set(candidate.target.id, foreseen);
      progress = after(progress, candidate, foreseen);
    }
    if (denials.size === before) break;
    decision = decideCall(services, job, progress.learned);
  }
  foreseeBeyond(services, job, { decision, denials });
  return decision.kind === 'rejected'
    ? (sentAnyway(services, job, denials) ?? { decision, denials })
    : { decision, denials };
}

/** Of targets that were heard to be full, and are passed over unasked: what they lack. Nobody waits for them. */
function foreseeBeyond(
  services: Services,
  job: Job,
  { decision, denials }: { readonly decision: Decision; readonly denials: Map<string, Foreseen> },
): void {
  const asked = decideCall(services, job, { ...begun.learned, lastResort: true });
  if (asked.kind === 'rejected') return;
  const wanted = wantedTier(job, asked);
  const planned = new Set(decision.kind === 'routed' ? decision.plan.map(({ target }) => target.id) : []);
  for (const candidate of asked.plan) {
    const { id } = candidate.target;
    if (denials.has(id) || planned.has(id)) continue;
    const foreseen = foreseeAt(services, job, { candidate, plan: asked.plan, wanted });
    if (foreseen?.by !== 'slot') continue;
    const { denial } = foreseen;
    denials.set(id, { by: 'slot', denial: denial.reason === 'full' ? { ...denial, waitMsMax: 0 } : denial });
  }
}

function foreseeAt(
  services: Services,
  job: Job,
  {
    candidate,
    plan,
    wanted,
  }: { readonly candidate: Candidate; readonly plan: readonly Candidate[]; readonly wanted: Tier },
): Foreseen | undefined {
  const quotaAs = (lastResort: boolean) =>
    foreseeQuota(services, job, { candidate, wantedTier: wanted, lastResort });
  const quota = quotaAs(false);
  if (quota !== undefined) {
    const last = quotaAs(true);
    const isSentAtLast = last === undefined || (last.reason === 'full' && last.unheard);
    return { by: 'quota', denial: quota, isSentAtLast };
  }
  const run = { services, job };
  const slots = slotsAt(run, candidate.target);
  if (slots === undefined) return undefined;
  const asked = { candidate, wantedTier: wanted, ordinal: 0, plan, waitedMs: 0, lastResort: false };
  const denial = new Slot(run, asked, slots).foresee();
  return denial && { by: 'slot', denial };
}

function after(progress: Progress, candidate: Candidate, { by, denial }: Foreseen): Progress {
  if (by === 'quota') return withoutQuota(progress, candidate, denial);
  return withDenial(progress, candidate, denial.reason === 'full' ? { reason: 'full', waitedMs: 0 } : denial);
}

/**
 * Where nobody else may answer: a ledger that is away leaves AWS the last word on its quotas, and a call may be larger than
 * what spilled calls have of a pool.
 */
function sentAnyway(
  services: Services,
  job: Job,
  denials: ReadonlyMap<string, Foreseen>,
): ReturnType<typeof foresee> | undefined {
  const known = [...denials].filter(([, foreseen]) => !(foreseen.by === 'quota' && foreseen.isSentAtLast));
  if (known.length === denials.size) return undefined;
  const full = new Set(known.map(([target]) => target));
  const decision = decideCall(services, job, { ...begun.learned, full });
  return { decision, denials: new Map(known) };
}
