/**
 * A kill switch that was acknowledged is never missed by a gateway that looks again afterwards, in any region of the
 * set: over the real adapters and a table with multi-Region strong consistency, while nothing at all is replicated of
 * the routing table.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDynamodbControlStore } from '#adapters/aws/dynamodb-control-store.ts';
import { createDynamodbOperatorStore } from '#adapters/aws/dynamodb-operator-store.ts';
import { provisionTable } from '#adapters/aws/table-provisioner.ts';
import { controlsTable, tableDefinitions } from '#contract/tables.ts';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { PATIENT_CALL_MS_MAX } from '#test/builders/dynamodb-engines.ts';
import { createDisabledTargets } from '#usecases/gateway/disabled-targets.ts';
import { confirmWords } from '#usecases/operate/confirm-controls.ts';
import type { Clock } from '#usecases/ports/clock.ts';

const account = '111111111111';
const credentials = { accessKeyId: `LKIA${account}`, secretAccessKey: `local-LKIA${account}` };
const regions = ['eu-central-1', 'eu-west-1', 'eu-west-3'] as const;
const targets = ['a', 'b'] as const;
const now = Date.UTC(2026, 10, 22, 8);
/** Nothing takes too long: a machine that pauses is no outage. */
const clock: Clock = {
  now: () => now,
  monotonicMs: () => 0,
  sleep: () => new Promise(() => undefined),
  after: () => () => undefined,
};
const later = new Date(now + 3_600_000).toISOString();

let aws: LocalAws;
const clients = new Map<string, DynamoDBClient>();
let worlds = 0;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  for (const region of regions)
    clients.set(region, new DynamoDBClient({ endpoint: aws.url, region, credentials, maxAttempts: 1 }));
});
afterAll(async () => {
  for (const client of clients.values()) client.destroy();
  await aws.close();
});

const clientOf = (region: string): DynamoDBClient => {
  const client = clients.get(region);
  if (client === undefined) throw new Error(`no client for ${region}`);
  return client;
};

async function provision(definition: typeof controlsTable, name: string, strong?: object): Promise<void> {
  const [region, ...replicaRegions] = regions;
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${name}`;
  const plan = { definition, name, arn, region, replicaRegions, guestAccounts: [] };
  await provisionTable(
    { ...plan, ...(strong === undefined ? {} : { strong }) },
    { endpoint: aws.url, credentials },
  );
  const body = JSON.stringify({ table: name, paused: true });
  await fetch(`${aws.url}/_local/replication`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body,
  });
}

/** Tables of the three regions, none of which replicates by itself. */
async function provisionTables() {
  worlds += 1;
  const names = { routes: `routes-${worlds}`, controls: `controls-${worlds}` };
  const [routes] = tableDefinitions;
  if (routes === undefined) throw new Error('there is no routes table');
  await provision(routes, names.routes);
  await provision(controlsTable, names.controls, {});
  return names;
}

/** New gateways of the three regions. */
function open(
  names: Awaited<ReturnType<typeof provisionTables>>,
  { withSet }: { readonly withSet: boolean },
) {
  return regions.map((region) => {
    const common = { client: clientOf(region), region, regions, callMsMax: PATIENT_CALL_MS_MAX };
    const words = createDynamodbOperatorStore({ ...common, table: names.routes, consistentReads: false });
    const controls = createDynamodbControlStore({ ...common, table: names.controls, clock });
    const log = { write: () => undefined };
    const metrics = { record: () => undefined, ejected: () => undefined, count: () => undefined };
    const operatorWords = words;
    const gateway = createDisabledTargets({
      ...{ operatorWords, log, metrics, clock },
      ...(withSet ? { controls } : {}),
    });
    return { region, gateway, operator: withSet ? confirmWords(words, controls) : words };
  });
}

type Gateways = ReturnType<typeof open>;

interface Step {
  readonly region: number;
  readonly target: (typeof targets)[number];
  readonly what: 'disable' | 'enable' | 'look';
  /** The next step begins before this one has ended. */
  readonly goesOn: boolean;
}

const steps = fc.array(
  fc.record({
    region: fc.nat({ max: regions.length - 1 }),
    target: fc.constantFrom(...targets),
    what: fc.constantFrom<Step['what']>('disable', 'disable', 'enable', 'look', 'look', 'look'),
    goesOn: fc.boolean(),
  }),
  { minLength: 6, maxLength: 12 },
);

/** What must be off: words that were acknowledged, and that nobody has begun to take back since. */
async function missedKillSwitches(
  gateways: Gateways,
  script: readonly Step[],
  run = 0,
): Promise<readonly string[]> {
  const acknowledged = new Set<string>();
  const missed: string[] = [];
  let looks = 0;
  const take = async ({ region, target: name, what }: Step): Promise<void> => {
    const target = `${run}-${name}`;
    const place = gateways[region];
    if (place === undefined) throw new Error(`no region ${region}`);
    const word = `${place.region} ${target}`;
    if (what === 'look') {
      const before = new Set(acknowledged);
      await place.gateway.refresh();
      const off = place.gateway.at(now);
      looks += 1;
      for (const each of before) {
        const [, killed = ''] = each.split(' ');
        // One that was taken back meanwhile may be seen or not.
        if (acknowledged.has(each) && !off.has(killed))
          missed.push(`${place.region} missed ${each}, look ${looks}`);
      }
      return;
    }
    if (what === 'enable') acknowledged.delete(word);
    const until = what === 'disable' ? later : new Date(now).toISOString();
    await place.operator.saveDisabled({ target, by: 'ada', reason: 'r', until });
    if (what === 'disable') acknowledged.add(word);
  };
  const running: Promise<void>[] = [];
  const writing = new Map<string, Promise<void>>();
  for (const step of script) {
    const key = step.what === 'look' ? '' : `${step.region} ${step.target}`;
    // One operator of a region says one word of a target after the other.
    const begun = (writing.get(key) ?? Promise.resolve()).then(() => take(step));
    if (key !== '') writing.set(key, begun);
    running.push(begun);
    if (!step.goesOn) await begun;
  }
  await Promise.all(running);
  return missed;
}

describe('a kill switch that was acknowledged', () => {
  it('is never missed afterwards by a gateway of any region of the set', async () => {
    const names = await provisionTables();
    let run = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (script) => {
        run += 1;
        expect(await missedKillSwitches(open(names, { withSet: true }), script, run)).toEqual([]);
      }),
      { numRuns: 8 },
    );
  });

  it('holds without the set where it was ordered, and elsewhere when the replica has it', async () => {
    const names = await provisionTables();
    const gateways = open(names, { withSet: false });
    const look = (region: number): Step => ({ region, target: 'a', what: 'look', goesOn: false });
    const script: readonly Step[] = [
      { region: 0, target: 'a', what: 'disable', goesOn: false },
      look(0),
      look(1),
    ];
    expect(await missedKillSwitches(gateways, script)).toEqual(['eu-west-1 missed eu-central-1 0-a, look 2']);
    await fetch(`${aws.url}/_local/replication`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ table: names.routes, paused: false, lagMs: 0 }),
    });
    await expect
      .poll(async () => {
        await gateways[1]?.gateway.refresh();
        return [...(gateways[1]?.gateway.at(now) ?? [])];
      })
      .toEqual(['0-a']);
  });
});
