import { describe, expect, it } from 'vitest';
import { availabilityChangesSchema } from '#contract/availability-changes.ts';
import type { Observation } from '#core/discovery/observation.ts';
import { begun, hoursAgo, keptAvailability, other, story } from '#test/builders/kept-availability.ts';

describe('what moved between two moments', () => {
  it('is told by target, newest first, with what was, what is and every step', async () => {
    const { changesOf } = await keptAvailability(story);
    const told = await changesOf(`since=${hoursAgo(7)}`);
    expect(told).toMatchObject({
      since: hoursAgo(7),
      until: hoursAgo(0),
      counts: { appeared: 0, left: 1, changed: 1, returned: 0, lost: 0 },
      unrecorded: [],
      unreadable: 0,
    });
    expect(told.changes).toMatchObject([
      {
        kind: 'changed',
        model: 'chat-small',
        region: 'us-east-1',
        at: hoursAgo(1),
        before: { state: 'available', since: hoursAgo(10) },
        after: { state: 'legacy', since: hoursAgo(1) },
        hint: { who: 'nobody' },
        steps: [
          { at: hoursAgo(6), from: 'available', to: 'denied', reasons: ['refused'] },
          { at: hoursAgo(4), from: 'denied', to: 'available' },
          { at: hoursAgo(1), from: 'available', to: 'legacy' },
        ],
        stepsLeftOut: 0,
      },
      {
        kind: 'left',
        id: other.id,
        modelId: other.modelId,
        at: hoursAgo(2),
        before: { state: 'no-agreement', reasons: ['agreement-not-available'], since: hoursAgo(8) },
        steps: [{ to: 'available' }, { from: 'available' }],
      },
    ]);
    expect(told.changes[1]).not.toHaveProperty('after');
  });

  it('is narrowed by moments, model, region and account', async () => {
    const { changesOf } = await keptAvailability(story);
    const between = await changesOf(`since=${hoursAgo(9)}&until=${hoursAgo(3)}`);
    expect(between.changes.map(({ kind, id }) => [kind, id])).toEqual([
      ['returned', '111111111111/us-east-1/amazon.nova-lite-v1:0'],
      ['appeared', other.id],
    ]);
    expect((await changesOf('model=chat-small')).changes.map(({ model }) => model)).toEqual(['chat-small']);
    expect((await changesOf('region=eu-west-1')).changes).toEqual([]);
    expect((await changesOf('account=222222222222')).changes).toEqual([]);
  });

  it('begins where the records begin, and says so', async () => {
    const { changesOf } = await keptAvailability(story);
    const { unrecorded, counts } = await changesOf(`since=${hoursAgo(24)}`);
    const recordedFrom = new Date(begun).toISOString();
    expect(unrecorded).toEqual([{ account: '111111111111', region: 'us-east-1', recordedFrom }]);
    expect(counts).toMatchObject({ changed: 1, returned: 1 });
    const before = await changesOf(`since=${hoursAgo(24)}&until=${hoursAgo(11)}`);
    expect(before).toMatchObject({ changes: [], unrecorded: [{ recordedFrom }] });
  });

  it('comes in pages that hold each change once, though thousands moved in one millisecond', async () => {
    const models = Array.from({ length: 900 }, (_, index) => `someone.model-${index}`);
    const seen = (state: Observation['state']) =>
      models.map((modelId) => ({ modelId, id: `111111111111/us-east-1/${modelId}`, state }));
    const made = await keptAvailability([
      { ago: 9, targets: seen('available') },
      { ago: 5, targets: seen('legacy') },
    ]);
    const found: string[] = [];
    let next: string | undefined = '/spillway/v1/availability/changes?limit=400';
    let pages = 0;
    while (next !== undefined) {
      const page = availabilityChangesSchema.parse(await (await made.get(next)).json());
      expect(page.counts.changed).toBe(900);
      found.push(...page.changes.map(({ id }) => id));
      ({ next } = page);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect([...new Set(found)]).toHaveLength(900);
    expect(found).toHaveLength(900);
  });
});
