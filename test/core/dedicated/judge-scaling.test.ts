import { describe, expect, it } from 'vitest';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeScaling } from '#core/dedicated/judge-scaling.ts';
import { aDeployment } from '#test/builders/a-deployment.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const messages = (changes: Partial<Deployment>) =>
  judgeScaling(aDeployment(changes), shippedFacts).map(({ member, message }) => `${member}: ${message}`);

const schedule = { name: 'day', at: 'cron(0 7 ? * MON-FRI *)', copiesMin: 2, copiesMax: 6 };
const prefix = { strategy: 'prefix-aware', prefixBytes: 4_096 } as const;

describe('copies and what makes them more', () => {
  it.each<[string, Partial<Deployment>, string]>([
    [
      'never one',
      { copies: 0, copiesMin: 0, copiesMax: 0 },
      'copiesMax: 0 lets no copy ever run; must be at least 1',
    ],
    ['bounds that cross', { copiesMin: 7 }, 'copiesMin: 7 is more than copiesMax, 6; must be at most that'],
    [
      'a start outside of the bounds',
      { copies: 1 },
      'copies: 1 to start with; must be from copiesMin, 2, to copiesMax, 6',
    ],
    [
      'a target that the gateway never lets be passed',
      { targetConcurrencyPerCopy: 16 },
      'targetConcurrencyPerCopy: 16 is never passed, since the gateway lets no more than concurrencyPerCopy, 16, into a copy: nothing would scale; must be less',
    ],
    ['a whole cache as target', { targetKvShare: 1 }, 'targetKvShare: 1 is never passed'],
    [
      'two schedules of one name',
      { schedules: [schedule, schedule] },
      'schedules[1].name: "day" stands in the list before; take another name',
    ],
    [
      'a schedule whose bounds cross',
      { schedules: [{ ...schedule, copiesMin: 9 }] },
      'schedules[0].copiesMin: 9 is more than its copiesMax, 6; must be at most that',
    ],
    [
      'beginnings sent to where none is kept',
      { routing: prefix, prefixCaching: false },
      'routing.strategy: "prefix-aware" sends the same beginning to the same instance, which keeps none of it',
    ],
    [
      'a threshold above what an instance admits',
      { routing: { ...prefix, concurrencyMax: 17 } },
      'routing.concurrencyMax: 17 is never reached: 1 copies of 16 requests are all that an instance admits; must be at most 16',
    ],
  ])('are refused: %s', (_what, changes, message) => {
    const found = messages(changes);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it('may sleep, follow the clock and keep beginnings together', () => {
    expect(messages({ copies: 0, copiesMin: 0 })).toEqual([]);
    expect(messages({ schedules: [schedule, { ...schedule, name: 'night', copiesMin: 0 }] })).toEqual([]);
    expect(messages({ routing: { ...prefix, concurrencyMax: 16 } })).toEqual([]);
  });
});
