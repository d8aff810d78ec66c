/**
 * 100,000 decisions in generated worlds, through the code that ships: discovery, plan, route, decide, attempt. A judge
 * that shares nothing with the product says of every call whether the prompt stayed inside its residency.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { type ProofResult, proveResidency } from '#test/builders/residency-world-proof.ts';

/** Another seed proves other worlds: `SPILLWAY_PROOF_SEED=<anything> npm test`. */
const seed = process.env.SPILLWAY_PROOF_SEED ?? 'residency';
const plan = { seed, worlds: 950, requestsPerWorld: 10, decisionsPerWorld: 96 };
const proofMsMax = 120_000;

let result: ProofResult;

beforeAll(async () => {
  result = await proveResidency(plan);
}, proofMsMax);

describe(`residency over generated worlds (seed ${seed})`, () => {
  it('lets no call leave its residency, and answers what it may answer', () => {
    if (result.kind === 'held') return;
    const { kind, message, world, decision } = result;
    expect.fail(`seed ${seed}, world ${world}, decision ${decision}: ${kind}: ${message}`);
  });

  it('decides a hundred thousand times, ten requests in each world through a whole gateway', () => {
    const { tally } = result;
    expect(tally.decisions).toBeGreaterThanOrEqual(100_000);
    expect(tally.requests).toBeGreaterThanOrEqual(5000);
  });

  it('does not pass by doing nothing: decisions route, retry, fall back, probe and find sleepers', () => {
    const { tally } = result;
    const decisions = tally.routed + tally.rejected;
    expect(tally.routed / decisions).toBeGreaterThan(0.4);
    expect(tally.retried / decisions).toBeGreaterThan(0.08);
    expect(tally.baselineFirst / decisions).toBeGreaterThan(0.04);
    expect(tally.probed / decisions).toBeGreaterThan(0.08);
    expect(tally.asleep / decisions).toBeGreaterThan(0.03);
  });

  it('does not pass by sending nothing: gateways call, fail over, fall back, wake, probe and refuse', () => {
    const { tally } = result;
    expect(tally.sentRequests / tally.requests).toBeGreaterThan(0.35);
    expect(tally.answered / tally.requests).toBeGreaterThan(0.3);
    expect(tally.callsSent).toBeGreaterThan(5000);
    expect(tally.failovers / tally.sentRequests).toBeGreaterThan(0.2);
    expect(tally.owed / tally.requests).toBeGreaterThan(0.07);
    expect(tally.baselineAnswers).toBeGreaterThan(150);
    expect(tally.wakeUpCalls).toBeGreaterThan(200);
    expect(tally.preWarmCalls).toBeGreaterThan(30);
    expect(tally.probeCalls).toBeGreaterThan(250);
    expect(tally.hangs).toBeGreaterThan(200);
    expect(tally.lastGoodRequests).toBeGreaterThan(700);
    expect(tally.refusedHeaders).toBeGreaterThan(1000);
    expect(tally.wrongGateways).toBeGreaterThan(500);
    expect(tally.noLawfulTarget).toBeGreaterThan(100);
    expect(tally.guarded).toBeGreaterThan(500);
    expect(tally.guardedSent).toBeGreaterThan(50);
    expect(tally.countsSent).toBeGreaterThan(200);
    expect(tally.resumed).toBeGreaterThan(50);
    expect(tally.slotsDenied).toBeGreaterThan(500);
    expect(tally.answeredElsewhere).toBeGreaterThan(200);
  });

  it('is the same for the same seed', async () => {
    const small = { seed, worlds: 5, requestsPerWorld: 5, decisionsPerWorld: 20 };
    expect(await proveResidency(small)).toEqual(await proveResidency(small));
  });
});
