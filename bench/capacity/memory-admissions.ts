/** What a decision over forty candidates and the admission in memory cost, one after the other on one core. */
import { createMemoryCapacityLedger } from '#adapters/memory/memory-capacity-ledger.ts';
import { decide } from '#core/decide/decide.ts';
import type { Decision } from '#core/decide/decision.ts';
import { anywhere, aQuestion } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';

const TARGETS = 40;
const SLOTS = 192;
const AT = Date.UTC(2026, 10, 21, 8);

export interface AdmissionRates {
  readonly admissionsPerSecond: number;
  readonly decisionsWithAdmissionPerSecond: number;
  /** The same, and every row of scores is read, which explanations alone do. */
  readonly explainedDecisionsPerSecond: number;
}

/** Each admission takes a slot, and gives back the one that was taken `SLOTS / 2` before. */
export function measureMemory(forMs: number): AdmissionRates {
  const admit = admitter();
  const question = fortyCandidates();
  const decideAndAdmit = (): Decision => {
    const decision = decide(question);
    if (decision.kind !== 'routed') throw new Error('forty lawful candidates and no plan');
    admit(decision.plan[0].target.id);
    return decision;
  };
  return {
    admissionsPerSecond: perSecond(forMs, () => admit('target-0')),
    decisionsWithAdmissionPerSecond: perSecond(forMs, decideAndAdmit),
    explainedDecisionsPerSecond: perSecond(forMs, () => {
      const rows = decideAndAdmit().trail.scored();
      if (rows.length !== TARGETS) throw new Error(`${rows.length} rows of ${TARGETS} candidates`);
    }),
  };
}

function admitter(): (target: string) => void {
  const ledger = createMemoryCapacityLedger();
  let calls = 0;
  return (target) => {
    const limit = { target, slots: SLOTS, copies: 1 };
    const at = AT + Math.floor(calls / 100);
    const demand = { limit, leaseId: `lease-${calls}`, kvTokens: 0, slotsReserved: 4, at };
    if (!ledger.acquire(demand).granted) throw new Error('a slot of a half full target was refused');
    ledger.release(limit, `lease-${calls - SLOTS / 2}`, at);
    calls += 1;
  };
}

function fortyCandidates() {
  const targets = Array.from({ length: TARGETS }, (_, index) =>
    aTarget({ id: `target-${index}`, position: index }),
  );
  return aQuestion({ policy: anywhere, targets });
}

/** By processor time: what else runs on the machine takes its share of the clock, hardly of the processor's. */
function perSecond(forMs: number, once: () => void): number {
  for (let warmUp = 0; warmUp < 2_000; warmUp += 1) once();
  const startedMs = performance.now();
  const before = process.cpuUsage();
  let count = 0;
  while (performance.now() - startedMs < forMs) {
    for (let index = 0; index < 100; index += 1) once();
    count += 100;
  }
  const { user, system } = process.cpuUsage(before);
  return (count * 1_000_000) / (user + system);
}
