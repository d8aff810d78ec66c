import { describe, expect, it } from 'vitest';
import {
  defaultUsage,
  HOURS_PER_MONTH,
  IDLE_POLLS_PER_QUEUE,
  MINUTES_PER_MONTH,
} from '#core/deploy-cost/usage.ts';

describe('usage', () => {
  it('is for a month of 730 hours', () => {
    expect(MINUTES_PER_MONTH).toBe(HOURS_PER_MONTH * 60);
    // Three polls a minute by each of five pollers.
    expect(IDLE_POLLS_PER_QUEUE / MINUTES_PER_MONTH).toBe(15);
  });

  it('leaves a discovery far more time than it needs of its own', () => {
    expect(defaultUsage.runMs.discover).toBe(3_000);
  });
});
