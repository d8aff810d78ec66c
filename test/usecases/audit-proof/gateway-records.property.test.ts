/**
 * What a gateway records is what it did: generated worlds with adversaries at the routing table, failing targets, chains
 * and streams that break, request by request against what was really sent.
 */
import { expect, it } from 'vitest';
import type { DecisionRecord } from '#contract/audit-record.ts';
import { policyRecorded } from '#core/audit/recorded-policy.ts';
import { replayDecision } from '#core/audit/replay-decision.ts';
import { resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import { anAuditKeeper } from '#test/builders/audit-keeper.ts';
import { createWorld } from '#test/builders/residency-world.ts';
import { runControlLoop } from '#test/builders/residency-world-control.ts';
import { createDice } from '#test/builders/residency-world-dice.ts';
import { judgeRequests, type WorldAudit } from '#test/builders/residency-world-gateway.ts';
import { breachOf } from '#test/builders/residency-world-judge.ts';
import { emptyTally } from '#test/builders/residency-world-tally.ts';
import { candidatesFrom } from '#usecases/gateway/route-source.ts';

// Virtual time cannot tell a module on its way from work that waits for time.
await import('#usecases/gateway/build-audit-record.ts');

const WORLDS = 40;
const REQUESTS = 12;
const START = Date.UTC(2026, 7, 21);

type Over = Parameters<WorldAudit['over']>[0];

const met = { records: 0, attempts: 0, woken: 0, preWarms: 0, refused: 0, replayed: 0, retried: 0 };

it(`tells every call of ${WORLDS * REQUESTS} requests, none outside its residency, and decisions that come out the same`, async () => {
  for (let index = 0; index < WORLDS; index += 1) {
    const seed = `audit/${index}`;
    const world = createWorld(seed);
    const routes = await runControlLoop(world, createDice(`${seed} control`), START);
    await judgeRequests(world, {
      dice: createDice(`${seed} gateway`),
      routes,
      count: REQUESTS,
      tally: emptyTally(),
      audit: comparing(),
    });
  }
  expect(met.records).toBe(WORLDS * REQUESTS);
  for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(0);
}, 60_000);

function comparing(): WorldAudit {
  const auditing = anAuditKeeper();
  let taken = 0;
  let calls = 0;
  return {
    auditing,
    over: async (seen) => {
      calls += 1;
      while (auditing.records.filter(({ kind }) => kind === 'call').length < calls)
        await new Promise((resolve) => setImmediate(resolve));
      const fresh = auditing.records.slice(taken);
      taken = auditing.records.length;
      compare(seen, fresh);
    },
  };
}

function compare(seen: Over, fresh: readonly DecisionRecord[]): void {
  const record = fresh.find(({ kind }) => kind === 'call');
  if (record === undefined) throw new Error('no record');
  met.records += 1;
  const asked = record.attempts.map(({ target }) => target);
  const sent = seen.sent.filter(({ wakeUp }) => !wakeUp).map(({ target }) => target.id);
  // Whoever had no credentials was an attempt, and no call.
  expect(sent.filter((id) => !asked.includes(id))).toEqual([]);
  const wakeable = fresh.flatMap(({ woken = [], model }) => woken.map(({ target }) => `${model} ${target}`));
  const woken = seen.sent.filter(({ wakeUp }) => wakeUp).map(({ model, target }) => `${model} ${target.id}`);
  expect(woken.filter((name) => !wakeable.includes(name))).toEqual([]);
  met.attempts += asked.length;
  met.woken += woken.length;
  met.preWarms += fresh.length - 1;
  if (asked.length === 0) met.refused += 1;
  if (asked.length > 1) met.retried += 1;
  for (const each of fresh) {
    judge(seen, each);
    replay(seen, each);
  }
}

/** By the world's own judge, which knows nothing of ours. */
function judge(
  { world, region }: Over,
  { attempts, woken = [], residency, decisions }: DecisionRecord,
): void {
  const guarded = decisions.some(
    ({ asked: { needs } }) => needs.work !== 'embedding' && needs.guardrail === true,
  );
  for (const each of [...attempts, ...woken]) {
    const target = { ...each, id: each.target, reach: each.statedReach };
    expect(breachOf(world, { target, gatewayRegion: region, residency, guarded })).toBeUndefined();
  }
}

function replay({ world, config, routes }: Over, record: DecisionRecord): void {
  const { requestId, region, account, residency, allowed, model = '', candidates, versions } = record;
  if (routes === undefined && versions.route?.source !== 'baseline') return;
  const { facts } = world;
  const route =
    versions.route?.source === 'baseline'
      ? undefined
      : routes?.find((each) => each.model === model && each.residency === residency);
  const baselines = resolveBaselines({ ...config, facts }).entries;
  const ground = {
    ...{ requestId, gatewayRegion: region, gatewayAccount: account, facts, candidates },
    policy: policyRecorded(residency, allowed ?? []),
    ...candidatesFrom({ baselines, account }, { model, residency, route }),
  };
  for (const decision of record.decisions) {
    expect(replayDecision(decision, ground)).toBeUndefined();
    met.replayed += 1;
  }
}
