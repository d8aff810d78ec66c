import { describe, expect, it } from 'vitest';
import { changeAttributes } from '#adapters/aws/change-item.ts';
import { changeSort } from '#contract/table-keys.ts';
import {
  CHANGE_BYTES,
  CHANGES_KEPT_MONTHS,
  defaultUsage,
  HOURS_PER_MONTH,
  IDLE_POLLS_PER_QUEUE,
  MINUTES_PER_MONTH,
} from '#core/deploy-cost/usage.ts';
import { CHANGES_KEPT_MS } from '#core/discovery/kept-changes.ts';

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

it('an item of the history is no larger than it is billed, of the longest name and with the most reasons', () => {
  const target = `111111111111/ap-northeast-1/global.anthropic.claude-sonnet-4-5-20250929-v1:0`;
  const reasons = ['authorization-not-authorized', 'agreement-not-available', 'entitlement-not-available'];
  const at = Date.UTC(2026, 10, 21);
  const item = {
    accountRegion: '111111111111#ap-northeast-1',
    item: changeSort(new Date(at).toISOString(), target),
    ...changeAttributes({ target, from: 'available', fromSince: at, to: 'not-authorized', reasons, at }),
    expiresAt: at / 1000,
  };
  expect(JSON.stringify(item).length).toBeLessThanOrEqual(CHANGE_BYTES);
  expect(CHANGES_KEPT_MONTHS * (MINUTES_PER_MONTH / 1_440)).toBeGreaterThanOrEqual(
    CHANGES_KEPT_MS / 86_400_000,
  );
});
