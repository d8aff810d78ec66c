import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  changedStack,
  openFleet,
  type SynthesizedFleet,
  stackOf,
  synthesizeFleet,
  withDependencies,
} from '#test/builders/deployed-fleet.ts';
import { refusedDefects } from '#test/builders/refused-defects.ts';

let synthesized: SynthesizedFleet;
beforeAll(() => {
  synthesized = synthesizeFleet({ bundles: false });
}, 60_000);
afterAll(() => synthesized?.close());

describe('a deployment', () => {
  it('takes every stack of the fleet as it is', async () => {
    const fleet = await openFleet(synthesized.assembly);
    try {
      await fleet.deploy();
      expect(fleet.deployment.stacks.size).toBe(synthesized.assembly.stacks.length);
    } finally {
      await fleet.close();
    }
  });

  it.each(refusedDefects)('refuses $what', async (defect) => {
    const fleet = await openFleet(synthesized.assembly);
    try {
      const before = withDependencies(synthesized.assembly, [defect.stack]).size - 1;
      await fleet.deploy(stackOf(synthesized.assembly, defect.stack).dependencies);
      const stack = changedStack(synthesized.assembly, defect.stack, defect.change);
      await expect(fleet.deployment.deploy(stack)).rejects.toThrow(defect.says);
      expect(fleet.deployment.stacks.size).toBe(before);
      // What a failed creation retains stands in the way of the next one, in AWS too.
      if (!JSON.stringify(stack.template).includes('"Retain"')) await fleet.deploy([defect.stack]);
    } finally {
      await fleet.close();
    }
  });
});
