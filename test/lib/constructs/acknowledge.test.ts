import { App, Stack, Validations } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { acknowledge } from '#lib/constructs/acknowledge.ts';

describe('acknowledge', () => {
  it('keeps each finding with its own reason on the construct', () => {
    const stack = new Stack(new App(), 'Stack');
    acknowledge(stack, { 'Rule-A': 'because of a', 'Rule-B': 'because of b' });
    const kept = stack.node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .map(({ data }) => JSON.stringify(data))
      .join();
    for (const text of ['Rule-A', 'because of a', 'Rule-B', 'because of b']) expect(kept).toContain(text);
  });
});
