import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isOutlier,
  isWorse,
  noPeers,
  OUTCOMES_MIN,
  type Outcomes,
  outcomesIn,
} from '#core/health/success-rate.ts';
import { createSeededRandom } from '#core/units/random.ts';

const answers = (good: number, failed: number): Outcomes => ({ good, failed });
const among = (...usable: readonly Outcomes[]) => ({ usable, isAnyFailing: false });
const perfect = (count: number) => Array.from({ length: count }, () => answers(20, 0));
const rateOf = ({ good, failed }: Outcomes): number => good / (good + failed);

const someAnswers = fc
  .record({ good: fc.nat({ max: 20 }), failed: fc.nat({ max: 20 }) })
  .filter(({ good, failed }) => good + failed >= OUTCOMES_MIN);
const severalHosts = fc.array(someAnswers, { minLength: 2, maxLength: 12 });

describe('a target whose answers fail more often than its peers’', () => {
  it('is an outlier under half good answers, if one peer does better than by chance', () => {
    expect(isOutlier(answers(4, 16), among(answers(20, 0)))).toBe(true);
    expect(isOutlier(answers(4, 16), among(answers(9, 11)))).toBe(false);
    // Of three others, two fail as it does.
    expect(isOutlier(answers(4, 16), among(answers(5, 15), answers(3, 17), answers(20, 0)))).toBe(true);
    expect(isOutlier(answers(11, 9), among(answers(20, 0)))).toBe(false);
  });

  it('is one by the spread of the rates too, from five known targets on', () => {
    expect(isOutlier(answers(13, 7), among(...perfect(4)))).toBe(true);
    expect(isOutlier(answers(13, 7), among(...perfect(3)))).toBe(false);
    expect(isOutlier(answers(13, 7), among(answers(13, 7), answers(12, 8), ...perfect(2)))).toBe(false);
    // One failure is chance, however well the others do.
    expect(isOutlier(answers(19, 1), among(...perfect(9)))).toBe(false);
  });

  it('is judged alone where no peer is known, and spared where the only others are out', () => {
    expect(isOutlier(answers(4, 6), noPeers)).toBe(true);
    expect(isOutlier(answers(5, 5), noPeers)).toBe(false);
    expect(isOutlier(answers(4, 6), among(answers(4, 0)))).toBe(true);
    expect(isOutlier(answers(4, 6), { usable: [answers(4, 0)], isAnyFailing: true })).toBe(false);
  });

  it('is not judged by fewer than ten answers', () => {
    expect(isOutlier(answers(0, 9), among(...perfect(5)))).toBe(false);
    expect(isWorse(answers(0, 9), among(...perfect(5)))).toBe(true);
    expect(isWorse(answers(0, 0), noPeers)).toBe(false);
  });
});

it('counts what was good and what failed', () => {
  expect(outcomesIn([true, 'a', true, ''])).toEqual(answers(2, 2));
});

it('never calls the best of those that are known an outlier, so never all of them', () => {
  fc.assert(
    fc.property(severalHosts, (hosts) => {
      const worst = hosts.filter((own) => isOutlier(own, among(...hosts.filter((peer) => peer !== own))));
      const best = Math.max(...hosts.map(rateOf));
      expect(worst.every((own) => rateOf(own) < best)).toBe(true);
      expect(worst.length).toBeLessThan(hosts.length);
    }),
  );
});

it('calls none an outlier where all fail alike', () => {
  fc.assert(
    fc.property(someAnswers, fc.integer({ min: 1, max: 12 }), (own, peers) => {
      expect(isOutlier(own, among(...Array.from({ length: peers }, () => ({ ...own }))))).toBe(false);
    }),
  );
});

it('is misled by chance three times in a thousand where all fail with the same probability', () => {
  const random = createSeededRandom(7);
  const sample = (share: number): Outcomes =>
    outcomesIn(Array.from({ length: 20 }, () => (random.next() < share ? '' : true)));
  let misled = 0;
  for (let round = 0; round < 5000; round += 1) {
    const share = 0.05 + 0.9 * random.next();
    const peers = Array.from({ length: 1 + Math.floor(random.next() * 6) }, () => sample(share));
    if (isOutlier(sample(share), among(...peers))) misled += 1;
  }
  expect(misled).toBeLessThanOrEqual(15);
});

it('finds one bad target among any number of good ones in its last twenty answers', () => {
  const failures = fc.integer({ min: 12, max: 20 });
  const peers = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(failures, peers, (failed, failuresOfPeers) => {
      const others = failuresOfPeers.map((count) => answers(20 - count, count));
      expect(isOutlier(answers(20 - failed, failed), among(...others))).toBe(true);
    }),
  );
});
