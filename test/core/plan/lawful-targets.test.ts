import fc from 'fast-check';
import { describe, it } from 'vitest';
import { lawfulTargets } from '#core/plan/lawful-targets.ts';
import { judgeReach } from '#core/residency/judge-reach.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';
import { policies } from '#test/builders/plan-question.ts';
import { plainTarget } from '#test/builders/routes.ts';

describe('the lawful ones of some targets', () => {
  const regions = ['us-east-1', 'us-west-2', 'ca-central-1', 'eu-central-1', 'eu-west-2', 'xx-north-9'];
  const target = fc
    .record({ region: fc.constantFrom(...regions), reach: fc.subarray([...regions, '*']) })
    .map(({ region, reach }) => plainTarget(region, { reach }));

  it('are exactly those that the residency judgement allows, in their order', () => {
    fc.assert(
      fc.property(
        fc.array(target, { maxLength: 12 }),
        fc.constantFrom(policies.us, policies.eu, policies.anywhere),
        (targets, policy) => {
          const kept = lawfulTargets(targets, policy, facts);
          const allowed = targets.filter((each) => judgeReach({ policy, target: each, facts }).lawful);
          return kept.length === allowed.length && kept.every((each, index) => each === allowed[index]);
        },
      ),
    );
  });
});
