/**
 * The sealer of the audit trail, killed in the middle: its own bundle, in a process of Lambda on this machine, fed from its
 * queue. Its messages come again, and the chain is whole: no record is lost, and none stands there twice.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSealerWorld, type SealerWorld } from '#test/builders/sealer-world.ts';

/** A machine that pauses is no defect of the product. */
const patiently = { timeout: 20_000, interval: 25 };

let world: SealerWorld;
beforeAll(async () => {
  world = await openSealerWorld();
});
afterAll(() => world?.close());

describe.concurrent('a sealer that is killed', () => {
  it.each([
    ['before', 'segment', 'eu-central-1'],
    ['after', 'segment', 'eu-west-1'],
    ['before', 'head', 'eu-west-3'],
    ['after', 'head', 'eu-north-1'],
  ] as const)('%s it writes the %s loses no record and doubles none (%s)', async (when, step, region) => {
    const sealer = await world.open(region);
    // The first segment of a chain has no head before it; the second one has, and is made by a process that is new.
    for (const [round, numbers] of [
      [1, 2, 3],
      [4, 5],
    ].entries()) {
      sealer.killOnce(when, step);
      await sealer.send(numbers);
      await expect.poll(() => sealer.left(), patiently).toBe(0);
      expect(sealer.kills).toBe(round + 1);
    }
    const { report, lines } = await sealer.prove();
    expect(report).toMatchObject({ findings: [], segments: 2, sequences: { first: 1, last: 5 } });
    expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
  });
});
