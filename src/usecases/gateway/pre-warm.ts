import type { ModelConfig } from '#contract/config.ts';
import { needsOf, type Work } from '#core/call/work.ts';
import { wakingWork } from '#core/chain/waking-work.ts';
import { decideCall, type JobToDecide, nothingLearned } from './decide.ts';
import { mayUse } from './ingress.ts';
import type { Run } from './job.ts';
import type { WakeUpTally } from './wake-up.ts';

/**
 * Wakes what the chain of this call will probably need after it, all at once and beside the call: sleeping targets of
 * the foretold models, where no dedicated target of the model is awake; and has the credentials fetched of those that
 * are likely to answer. Each model is decided as a call of its own,
 * under the residency of this one, and no word of the caller's is sent. Answers what counts the calls; waits for none.
 */
export function preWarm(run: Run): WakeUpTally | undefined {
  const { services, job } = run;
  if (job.chain === undefined || !services.config.chains.preWarm) return undefined;
  const tally: WakeUpTally = { sent: 0 };
  const { foretold } = job.chain;
  if (foretold instanceof Promise) services.behind.add(foretold.then((models) => wake(run, models, tally)));
  else wake(run, foretold, tally);
  return tally;
}

function wake({ services, job }: Run, foretold: readonly string[], tally: WakeUpTally): void {
  const { placement } = job;
  const { models } = services.config;
  for (const model of foretold) {
    const modelConfig = Object.hasOwn(models, model) ? models[model] : undefined;
    if (modelConfig === undefined) continue;
    // Learned from calls of the tenant, of whose keys this one may allow less.
    if (!mayUse(placement.tenant, model)) continue;
    const work = wakingWork(model, modelConfig.kind);
    const own = jobFor({ services, job }, { work, modelConfig });
    const decision = decideCall(services, own, nothingLearned);
    if (decision.kind === 'routed') services.invoker.prepare?.(decision.plan[0].target);
    if (decision.kind === 'routed' && decision.plan[0].tier === 'dedicated') continue;
    if (decision.wakeUps.length === 0) continue;
    services.wakeUps.send(decision.wakeUps, work, tally);
    own.notes?.woke(decision.wakeUps);
    services.audit?.preWarmed(own);
  }
}

/** As if the tenant asked for the work itself, now and in this lane. */
function jobFor(
  { services, job }: Run,
  asked: { readonly work: Work; readonly modelConfig: ModelConfig },
): JobToDecide {
  const { arrival, placement, call } = job;
  const { work, modelConfig } = asked;
  const options = { lane: call.options.lane, laneNamed: false, resume: false };
  return {
    arrival,
    placement,
    sourced: services.routeSource.routeFor(work.request.model, placement.policy.name),
    call: { work, modelConfig, needs: needsOf(work), options, origin: call.origin },
    notes: services.audit?.open(),
  };
}
