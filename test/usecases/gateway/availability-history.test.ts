import { describe, expect, it } from 'vitest';
import { availabilityChangesSchema } from '#contract/availability-changes.ts';
import { availabilitySchema } from '#contract/http.ts';
import type { ObservationChange } from '#core/discovery/observation.ts';
import { aGateway, gatewayStart } from '#test/builders/a-gateway.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import {
  begun,
  hour,
  hoursAgo,
  keptAvailability,
  nova,
  other,
  story,
} from '#test/builders/kept-availability.ts';

describe('what is kept of the past', () => {
  it('knows nothing of the past of a report that an older version wrote', async () => {
    const made = await keptAvailability(story);
    const standing = await made.observations.load('111111111111', 'us-east-1');
    if (standing === undefined) throw new Error('the story has a report');
    const { history: _, ...older } = standing;
    await made.observations.save(older);
    expect(await made.changesOf()).toMatchObject({
      changes: [],
      unrecorded: [{ account: '111111111111', region: 'us-east-1' }],
    });
    expect(await made.at(hoursAgo(1))).toMatchObject({ targets: [], unrecorded: [{ region: 'us-east-1' }] });
  });

  it('says of what cannot be read that it is lost, and counts it', async () => {
    const made = await keptAvailability(story);
    const { load } = made.changes;
    const hidden = (change: ObservationChange): boolean => change.at === gatewayStart - 6 * hour;
    const broken = aGateway({
      overrides: {
        observations: made.observations,
        changes: {
          load: async (place, options) => {
            const { changes } = await load(place, options);
            const unreadable = changes.filter(hidden).map(({ target, at }) => ({ target, at }));
            return { changes: changes.filter((each) => !hidden(each)), unreadable, badItems: 3, whole: true };
          },
        },
      },
    });
    const told = availabilityChangesSchema.parse(
      await (await broken.get(`/spillway/v1/availability/changes?since=${hoursAgo(6.5)}`)).json(),
    );
    expect(told.unreadable).toBe(3);
    expect(told.counts).toMatchObject({ left: 0, changed: 0, lost: 2 });
    const past = availabilitySchema.parse(
      await (await broken.get(`/spillway/v1/availability?at=${hoursAgo(7)}`)).json(),
    );
    expect(past.targets).toMatchObject([
      { state: 'unknown', reasons: ['change-lost'], hint: { who: 'nobody' } },
      { id: other.id, state: 'unknown', reasons: ['change-lost'] },
    ]);
  });

  it('goes back as far as the newest two thousand moves of a place, and shows the last fifty of a target', async () => {
    const made = await keptAvailability(story.slice(0, 1));
    const target = anObservation().id;
    const states = ['available', 'legacy'] as const;
    const moves = Array.from({ length: 2100 }, (_, index) => {
      const [from, to] = index % 2 === 0 ? states : [states[1], states[0]];
      const at = begun + (index + 1) * 1000;
      return { target, from, fromReasons: [], fromSince: at - 1000, to, reasons: [], at };
    });
    await made.changes.append({ account: '111111111111', region: 'us-east-1' }, moves);
    const report = await made.observations.load('111111111111', 'us-east-1');
    if (report === undefined) throw new Error('the story has a report');
    const since = begun + 2_100_000;
    const targets = report.targets.map((each) => ({ ...each, state: 'available' as const, since }));
    await made.observations.save({ ...report, targets, at: since });
    const told = await made.changesOf();
    expect(told.changes).toMatchObject([{ kind: 'changed', stepsLeftOut: 1949 }]);
    expect(told.changes[0]?.steps).toHaveLength(50);
    const recordedFrom = new Date(begun + 101_000).toISOString();
    expect(told.unrecorded).toMatchObject([{ recordedFrom }]);
  });

  it('takes the word of writers whose clocks are ahead, and not of those that wrote after the report', async () => {
    const made = await keptAvailability([...story, { ago: -0.5, targets: [{ ...nova, state: 'denied' }] }]);
    const now = await made.changesOf(`since=${hoursAgo(0.5)}`);
    expect(now.until).toBe(hoursAgo(-0.5));
    expect(now.changes).toMatchObject([{ kind: 'changed', after: { state: 'denied' } }]);
    await made.changes.append({ account: '111111111111', region: 'us-east-1' }, [
      { target: now.changes[0]?.id ?? '', from: 'denied', to: 'warm', reasons: [], at: gatewayStart + hour },
    ]);
    expect(await made.changesOf(`since=${hoursAgo(0.5)}`)).toEqual(now);
  });
});
