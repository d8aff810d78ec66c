import fc from 'fast-check';
import { expect, it } from 'vitest';
import { judgeLawful, type ReachSubject } from '#core/residency/judge-reach.ts';
import { lawfulnessUnder } from '#core/residency/lawfulness-under.ts';
import type { ResidencyPolicy } from '#core/residency/resolve-residency.ts';
import { anywhere, euPolicy, usPolicy } from '#test/builders/a-question.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { emptyFacts, shippedFacts } from '#test/builders/facts.ts';

const regions = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-2', 'ca-central-1', 'xx-north-9'];
const targets: readonly ReachSubject[] = regions.flatMap((region) => [
  aTarget({ region, reach: [region] }),
  aTarget({ region, reach: [] }),
  aTarget({ region, scope: 'geo', profileId: 'us.amazon.nova-lite-v1:0', reach: ['us-east-1', region] }),
  aTarget({ region, scope: 'geo', profileId: 'eu.amazon.nova-lite-v1:0', reach: [region] }),
  aTarget({ region, scope: 'global', profileId: 'global.amazon.nova-lite-v1:0', reach: ['*'] }),
  aTarget({ region, scope: 'dedicated', endpoint: 'chat-small', reach: [region] }),
]);
const policies: readonly ResidencyPolicy[] = [
  usPolicy,
  euPolicy,
  anywhere,
  // Of one name, and not the same: what is known of one must say nothing of the other.
  { name: 'us', allowed: new Set(['eu-central-1']) },
];

/** The same few policies, facts, regions and targets come again and again, in any order: what is kept is asked. */
const asked = fc.record({
  policy: fc.constantFrom(...policies),
  facts: fc.constantFrom(shippedFacts, emptyFacts),
  gatewayRegion: fc.constantFrom(...regions),
  besideReach: fc.constantFrom<readonly string[]>([], ['*'], ['us-east-1'], ['eu-west-2']),
  subjects: fc.subarray([...targets], { minLength: 1, maxLength: 6 }),
});

it('is the one judgement, whatever was judged before: 5,000 rows of targets', () => {
  let lawful = 0;
  fc.assert(
    fc.property(asked, ({ subjects, ...question }) => {
      const verdictOf = lawfulnessUnder(question);
      for (const target of subjects) {
        const fresh = judgeLawful({ ...question, target });
        expect(verdictOf(target)).toEqual(fresh);
        if (fresh.lawful) lawful += 1;
      }
    }),
    { numRuns: 5_000, seed: 20_261_121 },
  );
  expect(lawful).toBeGreaterThan(500);
});

it('judges a target once', () => {
  let judged = 0;
  const facts = {
    ...shippedFacts,
    destinationsOf: (profile: string, source: string) => {
      judged += 1;
      return shippedFacts.destinationsOf(profile, source);
    },
  };
  const target = aTarget();
  for (let request = 0; request < 3; request += 1)
    lawfulnessUnder({ policy: usPolicy, facts, gatewayRegion: 'us-east-1', besideReach: [] })(target);
  expect(judged).toBe(1);
});
