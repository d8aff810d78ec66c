import { describe, expect, it } from 'vitest';
import { type AvailabilityChanges, availabilityChangesSchema } from '#contract/availability-changes.ts';
import { availabilitySchema } from '#contract/http.ts';
import type { ObservationChange } from '#core/discovery/compare-observations.ts';
import { withHistory } from '#core/discovery/kept-changes.ts';
import type { Observation, RegionObservations } from '#core/discovery/observation.ts';
import { aGateway, type GatewayOptions, gatewayStart } from '#test/builders/a-gateway.ts';
import { anObservation } from '#test/builders/an-observation.ts';
import { acmeConfig } from '#test/builders/configs.ts';

const hour = 3_600_000;
const begun = gatewayStart - 10 * hour;
const hoursAgo = (hours: number): string => new Date(gatewayStart - hours * hour).toISOString();

/** What one run saw there, so many hours ago. */
interface Run {
  readonly ago: number;
  readonly targets: readonly Partial<Observation>[];
  readonly region?: string;
  readonly account?: string;
}

/** Runs as discovery keeps them: the report with its history, and what moved in the log. */
async function kept(runs: readonly Run[], options: GatewayOptions = {}) {
  const made = aGateway(options);
  for (const { ago, targets, region = 'us-east-1', account = '111111111111' } of runs) {
    const at = gatewayStart - ago * hour;
    const previous = await made.observations.load(account, region);
    const found = targets.map((target) => {
      const seen = anObservation({ account, region, reach: [region], ...target, observedAt: at });
      const old = previous?.targets.find(({ id }) => id === seen.id);
      return { ...seen, since: old?.state === seen.state ? old.since : at };
    });
    const report: RegionObservations = { account, region, at, failures: [], targets: found };
    const next = withHistory(previous, report, []);
    await made.observations.save(next);
    await made.changes.append(report, next.history?.latest ?? []);
  }
  const changesOf = async (query = ''): Promise<AvailabilityChanges> => {
    const answer = await made.get(`/spillway/v1/availability/changes?${query}`);
    return availabilityChangesSchema.parse(await answer.json());
  };
  const at = async (moment: string) =>
    availabilitySchema.parse(await (await made.get(`/spillway/v1/availability?at=${moment}`)).json());
  return { ...made, changesOf, at };
}

const nova = {};
const other = { modelId: 'someone.else-v1:0', id: '111111111111/us-east-1/someone.else-v1:0' };
const story: readonly Run[] = [
  { ago: 10, targets: [nova] },
  { ago: 8, targets: [nova, { ...other, state: 'no-agreement', reasons: ['agreement-not-available'] }] },
  { ago: 6, targets: [{ ...nova, state: 'denied', reasons: ['refused'] }, { ...other }] },
  { ago: 4, targets: [nova, { ...other }] },
  { ago: 2, targets: [nova] },
  { ago: 1, targets: [{ ...nova, state: 'legacy' }] },
];

describe('what moved between two moments', () => {
  it('is told by target, newest first, with what was, what is and every step', async () => {
    const { changesOf } = await kept(story);
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
    const { changesOf } = await kept(story);
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
    const { changesOf } = await kept(story);
    const { unrecorded, counts } = await changesOf(`since=${hoursAgo(24)}`);
    const recordedFrom = new Date(begun).toISOString();
    expect(unrecorded).toEqual([{ account: '111111111111', region: 'us-east-1', recordedFrom }]);
    expect(counts).toMatchObject({ changed: 1, returned: 1 });
    const before = await changesOf(`since=${hoursAgo(24)}&until=${hoursAgo(11)}`);
    expect(before).toMatchObject({ changes: [], unrecorded: [{ recordedFrom }] });
  });

  it('knows nothing of the past of a report that an older version wrote', async () => {
    const made = await kept(story);
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
    const made = await kept(story);
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

  it('comes in pages that hold each change once, though thousands moved in one millisecond', async () => {
    const models = Array.from({ length: 900 }, (_, index) => `someone.model-${index}`);
    const seen = (state: Observation['state']) =>
      models.map((modelId) => ({ modelId, id: `111111111111/us-east-1/${modelId}`, state }));
    const made = await kept([
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

  it('goes back as far as the newest two thousand moves of a place, and shows the last fifty of a target', async () => {
    const made = await kept(story.slice(0, 1));
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
    const made = await kept([...story, { ago: -0.5, targets: [{ ...nova, state: 'denied' }] }]);
    const now = await made.changesOf(`since=${hoursAgo(0.5)}`);
    expect(now.until).toBe(hoursAgo(-0.5));
    expect(now.changes).toMatchObject([{ kind: 'changed', after: { state: 'denied' } }]);
    await made.changes.append({ account: '111111111111', region: 'us-east-1' }, [
      { target: now.changes[0]?.id ?? '', from: 'denied', to: 'warm', reasons: [], at: gatewayStart + hour },
    ]);
    expect(await made.changesOf(`since=${hoursAgo(0.5)}`)).toEqual(now);
  });

  it.each([
    ['since=yesterday&limit=0', ['since must be a time', '"yesterday"', 'limit must be', 'not "0"']],
    [`since=${hoursAgo(1)}&until=${hoursAgo(2)}`, ['since must be before until']],
    [`since=${hoursAgo(-1)}`, ['since must be before until']],
    ['until=2026-02-30', ['until must be a time', '2026-02-30']],
  ])('refuses %s and says what is right', async (query, words) => {
    const { get } = await kept([]);
    const answer = await get(`/spillway/v1/availability/changes?${query}`);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    for (const word of words) expect(text).toContain(word.replaceAll('"', '\\"'));
  });

  it('is 404 for a model that is none, and 503 while a log cannot be read', async () => {
    const made = await kept(story);
    expect((await made.get('/spillway/v1/availability/changes?model=nobody')).status).toBe(404);
    const broken = aGateway({
      overrides: {
        observations: made.observations,
        changes: { load: () => Promise.reject(new Error('down')) },
      },
    });
    expect((await broken.get('/spillway/v1/availability/changes')).status).toBe(503);
    expect((await broken.get(`/spillway/v1/availability?at=${hoursAgo(1)}`)).status).toBe(503);
  });
});

describe('how it was at a moment', () => {
  it('is the matrix of then, with what was said then', async () => {
    const { at } = await kept(story);
    const then = await at(hoursAgo(7));
    expect(then).toMatchObject({ asOf: hoursAgo(7), at: hoursAgo(7), stale: false, unrecorded: [] });
    expect(then.targets).toMatchObject([
      { model: 'chat-small', state: 'available', since: hoursAgo(10) },
      {
        id: other.id,
        state: 'no-agreement',
        reasons: ['agreement-not-available'],
        since: hoursAgo(8),
        hint: { who: 'account-owner' },
      },
    ]);
    expect((await at(hoursAgo(9))).targets.map(({ state }) => state)).toEqual(['available']);
    expect(await at(hoursAgo(11))).toMatchObject({ targets: [], unrecorded: [{ region: 'us-east-1' }] });
  });

  it.each(['2026-11-21T07:00:00', 'now', hoursAgo(-1)])('refuses %s', async (moment) => {
    const { get } = await kept([]);
    const answer = await get(`/spillway/v1/availability?at=${encodeURIComponent(moment)}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('at must be a past time in ISO 8601');
  });
});

describe('the past of another tenant’s models', () => {
  const tenant = {
    name: 'narrow',
    residencies: ['eu'],
    defaultResidency: 'eu',
    models: ['chat-small'],
  };

  it('is not told, not even that a place has one', async () => {
    const runs: readonly Run[] = [
      ...story,
      { ago: 9, region: 'eu-west-1', account: '222222222222', targets: [nova] },
      { ago: 3, region: 'eu-west-1', account: '222222222222', targets: [{ ...nova, state: 'legacy' }] },
    ];
    const config = acmeConfig();
    const overrides = { tenants: { identify: async () => tenant } };
    const { changesOf, at } = await kept(runs, { config, overrides });
    const told = await changesOf(`since=${hoursAgo(48)}`);
    expect(told.changes.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect(told.counts).toEqual({ appeared: 0, left: 0, changed: 1, returned: 0, lost: 0 });
    expect(told.unrecorded.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await at(hoursAgo(7))).targets.map(({ region }) => region)).toEqual(['eu-west-1']);
    expect((await changesOf('model=someone.else-v1:0')).changes).toEqual([]);
  });
});
