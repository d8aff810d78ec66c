import { beforeAll, describe, expect, it } from 'vitest';
import { type Pair, readHistory, type Scan } from '#test/builders/catalogue-history.ts';
import { parsedConfig } from '#test/builders/configs.ts';
import { type ControlWorld, createControlWorld } from '#test/builders/control-world.ts';
import { plainModel } from '#test/builders/fake-region.ts';
import { releaseRegion } from '#usecases/operate/release-region.ts';

/**
 * The real catalogue of February to August 2026, scan by scan, through the real use cases: every model of it is a
 * logical model, every region a place. What is missing in a scan and back in a later one was never gone: there
 * GetFoundationModelAvailability goes on answering AVAILABLE.
 */
const account = '111111111111';
const scans = readHistory();
const modelIds = [...new Set(scans.flatMap(({ pairs }) => [...pairs].map((pair) => modelOf(pair))))].sort();
const regions = [...new Set(scans.flatMap(({ pairs }) => [...pairs].map((pair) => regionOf(pair))))].sort();
const nameOf = new Map(modelIds.map((id, index) => [id, `model-${index}`]));

interface Tally {
  wholeRegion: number;
  single: number;
  lasting: number;
  readonly emptiedForGood: string[];
  /** Sentences about every route that was not what it had to be. */
  readonly wrong: string[];
}

let world: ControlWorld;
const tally: Tally = { wholeRegion: 0, single: 0, lasting: 0, emptiedForGood: [], wrong: [] };
/** Pairs of regions that emptied for good: only an operator may take them out. */
const abandoned = new Set<Pair>();

function regionOf(pair: Pair): string {
  return pair.split(' ')[0] ?? '';
}

function modelOf(pair: Pair): string {
  return pair.split(' ')[1] ?? '';
}

function returnsAfter(pair: Pair, index: number): boolean {
  return scans.slice(index + 1).some((scan) => scan.pairs.has(pair));
}

/** Makes the fake regions list what the scan lists. */
function showScan(scan: Scan, index: number): void {
  for (const region of regions) {
    const fake = world.region(account, region);
    fake.models.clear();
    fake.availability.clear();
  }
  for (const pair of scan.pairs) {
    const lifecycle = scan.legacy.has(modelOf(pair)) ? 'LEGACY' : 'ACTIVE';
    const fake = world.region(account, regionOf(pair));
    fake.models.set(modelOf(pair), plainModel(modelOf(pair), { lifecycle }));
  }
  for (const pair of missingNow(index))
    world.region(account, regionOf(pair)).availability.set(modelOf(pair), { region: 'AVAILABLE' });
}

/** Pairs that some earlier scan had and some later one has again. */
function missingNow(index: number): readonly Pair[] {
  const now = scans[index]?.pairs ?? new Set();
  const before = new Set(scans.slice(0, index).flatMap(({ pairs }) => [...pairs]));
  return [...before].filter((pair) => !now.has(pair) && returnsAfter(pair, index));
}

function countChanges(index: number): void {
  const [before, now] = [scans[index - 1], scans[index]];
  if (before === undefined || now === undefined) return;
  const alive = new Set([...now.pairs].map(regionOf));
  for (const pair of before.pairs) {
    if (now.pairs.has(pair)) continue;
    const whole = !alive.has(regionOf(pair));
    if (returnsAfter(pair, index)) {
      if (now.scannerChanged) continue;
      if (whole) tally.wholeRegion += 1;
      else tally.single += 1;
    } else if (whole) {
      abandoned.add(pair);
      if (!tally.emptiedForGood.includes(regionOf(pair))) tally.emptiedForGood.push(regionOf(pair));
    } else tally.lasting += 1;
  }
}

/** Every route against what truly was offered: listed now, or back later, or in a region only an operator releases. */
async function compareRoutes(index: number): Promise<void> {
  const scan = scans[index];
  const wanted = new Set([...(scan?.pairs ?? []), ...missingNow(index), ...abandoned]);
  const routed = new Set<Pair>();
  for (const [modelId, name] of nameOf) {
    for (const id of (await world.targetIds(name, 'anywhere')) ?? [])
      routed.add(`${id.split('/')[1]} ${modelId}`);
  }
  const when = new Date(scan?.at ?? 0).toISOString();
  for (const pair of wanted) if (!routed.has(pair)) tally.wrong.push(`${when}: ${pair} is not routed`);
  for (const pair of routed) if (!wanted.has(pair)) tally.wrong.push(`${when}: ${pair} is still routed`);
}

beforeAll(async () => {
  world = createControlWorld(
    parsedConfig({
      name: 'replay',
      home: { account, region: 'us-east-1' },
      accounts: [{ id: account, regions }],
      gateways: ['us-east-1'],
      residencies: { anywhere: { jurisdictions: 'any' } },
      models: Object.fromEntries(modelIds.map((id) => [nameOf.get(id) ?? id, { candidates: [id] }])),
    }),
  );
  for (const [index, scan] of scans.entries()) {
    showScan(scan, index);
    countChanges(index);
    await world.discoverAll();
    await world.plan();
    await compareRoutes(index);
  }
}, 120_000);

describe('the real history of the catalogue', () => {
  it('is the one that was recorded: 41 pairs in whole-region dropouts, 6 single ones, two regions gone for good', () => {
    expect(tally).toMatchObject({
      wholeRegion: 41,
      single: 6,
      emptiedForGood: ['me-south-1', 'me-central-1'],
    });
    expect(tally.lasting).toBeGreaterThan(50);
  });

  it('leaves every route right after every scan: no dropout costs a target, every lasting removal is followed', () => {
    expect(tally.wrong).toEqual([]);
  });

  it('was never held up by the guard', () => {
    expect(world.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('lets the two regions that emptied for good go by the operator’s word alone', async () => {
    const before = await world.dependencies.routes.loadAll();
    const inRegion = (region: string) => (route: { targets: readonly { region: string }[] }) =>
      route.targets.some((target) => target.region === region);
    for (const region of tally.emptiedForGood) {
      expect(before.routes.some(inRegion(region))).toBe(true);
      await releaseRegion(world.dependencies, { account, region, by: 'ada', reason: 'the region is closed' });
    }
    await world.discoverAll();
    await world.plan();
    const after = await world.dependencies.routes.loadAll();
    for (const region of tally.emptiedForGood) expect(after.routes.some(inRegion(region))).toBe(false);
    expect(world.lines.filter(({ event }) => event === 'operator-released-region')).toHaveLength(2);
  });
});
