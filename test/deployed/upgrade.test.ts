import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '#test/builders/cli-session.ts';
import { changedStack, type SynthesizedFleet, synthesizeFleet } from '#test/builders/deployed-fleet.ts';
import { sealedRecords, verifyTrail } from '#test/builders/fleet-audit.ts';
import { type FleetState, lostSince, readState } from '#test/builders/fleet-state.ts';
import { replacedResources, statefulResources } from '#test/builders/stateful-resources.ts';
import { changing, type ResourceJson, type TemplateChange } from '#test/builders/template-changes.ts';
import { problemsWith, quickDefects, restore } from '#test/builders/upgrade-defects.ts';
import {
  deployInWaves,
  europe,
  fillState,
  gatewayStacks,
  home,
  openUpgradeWorld,
  passUntil,
  plantedVersions,
  routesOf,
  slowStream,
  type UpgradeWorld,
  until,
} from '#test/builders/upgrade-world.ts';
import released from './released-resources.json' with { type: 'json' };

let templates: SynthesizedFleet;
beforeAll(() => {
  templates = synthesizeFleet({ bundles: false });
});
afterAll(() => templates?.close());

let world: UpgradeWorld;
/** Of version N, before anything of the next one stood. */
let before: FleetState;
/** Of the next version, before it went. */
let between: FleetState;

const arnOf = ({ account, region }: typeof home | typeof europe, kind: string) =>
  `arn:aws:lambda:${region}:${account}:function:acme-${kind}`;
const logsOf = (arn: string) =>
  world.fleet.cloud.functions.host
    .environments(arn)
    .map(({ log }) => log)
    .join('\n');

describe('what holds state', () => {
  it('is what was released, under its names: no deployment puts another in its place', async () => {
    const now = statefulResources(templates.assembly.stacks);
    expect(replacedResources(released, now)).toEqual([]);
    const document = `${JSON.stringify({ ...now, ...released }, null, 2)}\n`;
    await expect(document).toMatchFileSnapshot('released-resources.json');
  });
});

/** A machine that pauses makes a function on a clock miss a store; its next run is as good. */
const isMissedRun = (problem: string): boolean =>
  /acme-(plan|verify|discover) fails: .*AbortError/.test(problem);
const isLateRead = (role: string) => (problem: string) =>
  new RegExp(`${role} may not dynamodb:BatchGetItem on .*:table/acme-routes$`).test(problem);
/**
 * Where a gateway goes back, its role loses an action a moment before the last environment that asks for it ends: until
 * then it keeps what it has. On the way up that is the one that is taken back, and no other.
 */
const isTakenBack = isLateRead(`acme-gateway-${home.region}`);
const isGoingBack = isLateRead('acme-gateway-.*');

/** A wave whose last resource cannot be made, once everything before it is at work. */
async function failHalfWay(): Promise<void> {
  const { fleet, next, traffic } = world;
  const [stackId] = gatewayStacks;
  const bad = changedStack(next, stackId, ({ Resources }) => {
    const all = Object.keys(Resources);
    const code = { S3Bucket: 'nowhere', S3Key: 'nothing.zip' };
    const role = {
      'Fn::GetAtt': [
        all.find((id) => id.startsWith('GatewayRole') && Resources[id]?.Type === 'AWS::IAM::Role'),
        'Arn',
      ],
    };
    const properties = { Code: code, Role: role, Handler: 'index.handler', Runtime: 'nodejs24.x' };
    Resources.Last = { Type: 'AWS::Lambda::Function', Properties: properties, DependsOn: all };
  });
  await slowStream(world, stackId);
  await expect(fleet.deployment.deploy(bad)).rejects.toThrow('the asset s3://nowhere/nothing.zip is missing');
  const { spec } = fleet.cloud.functions.find(arnOf(home, 'gateway'));
  expect(spec.environment).not.toHaveProperty('SPILLWAY_RESIDENCIES');
  await traffic.round();
}

const stateStack = 'State-us-east-1';
type Resources = Parameters<TemplateChange>[0]['Resources'];
const routesTable = (change: (table: ResourceJson) => void) =>
  changing('AWS::DynamoDB::GlobalTable', 'Routes', change);
const slips: readonly (readonly [what: string, change: TemplateChange, says: string])[] = [
  [
    'a table under another logical id',
    ({ Resources }) => {
      const id = Object.keys(Resources).find((name) => name.startsWith('RoutesTable')) ?? '';
      (Resources as Resources).RoutingTable = Resources[id] as ResourceJson;
      delete Resources[id];
    },
    'AWS::DynamoDB::GlobalTable has another logical id: State-us-east-1/RoutingTable',
  ],
  [
    'a table of another name',
    routesTable(({ Properties }) => {
      Properties.TableName = 'acme-routing';
    }),
    'AWS::DynamoDB::GlobalTable would be replaced, since TableName is another: "acme-routes" → "acme-routing"',
  ],
  [
    'a table with other keys',
    routesTable(({ Properties }) => {
      Properties.KeySchema.pop();
    }),
    'would be replaced, since KeySchema is another',
  ],
  [
    'a table that is not retained',
    routesTable((table) => {
      table.DeletionPolicy = 'Delete';
    }),
    'would be lost, since its deletionPolicy is Delete and was Retain',
  ],
  [
    'a key that left its template',
    ({ Resources }) => {
      for (const id of Object.keys(Resources))
        if (Resources[id]?.Type === 'AWS::KMS::Key') delete Resources[id];
    },
    'AWS::KMS::Key has left its template',
  ],
];

describe('a slip of the code that would lose what a stack holds', () => {
  it.each(slips)('is found by name: %s', (_, change, says) => {
    const stacks = templates.assembly.stacks.map((stack) =>
      stack.id === stateStack ? changedStack(templates.assembly, stateStack, change) : stack,
    );
    expect(replacedResources(released, statefulResources(stacks)).join('\n')).toContain(says);
  });
});

const batch = 'acme-batches in eu-central-1: tenant#demo | batch#one';
const hold = 'acme-routes in us-east-1: #control#us-east-1 | hold#embed#eu';
describe('an item that a version lost', () => {
  it.each([
    ['is gone', batch, { revision: 2 }, undefined, `${batch} is gone`],
    [
      'has lost a member',
      batch,
      { revision: 2, madeBy: 'next' },
      { revision: 3 },
      `${batch} has lost its madeBy`,
    ],
    ['went back', batch, { revision: 2 }, { revision: 1 }, `${batch} went back in its revision`],
    ['was changed where nobody may', hold, { by: 'ada' }, { by: 'eve' }, `${hold} was changed`],
  ])('is found by name where it %s', (_, place, was, is, says) => {
    const after: FleetState = new Map(is === undefined ? [] : [[place, is]]);
    expect(lostSince(new Map([[place, was]]), after)).toEqual([says]);
    expect(lostSince(new Map([[place, was]]), new Map([[place, was]]))).toEqual([]);
  });
});

describe('from one version to the next, and back', () => {
  beforeAll(async () => {
    world = await openUpgradeWorld(plantedVersions());
    await fillState(world.fleet);
  }, 400_000);
  afterAll(() => world?.close());

  it('takes the next one wave by wave under requests, beside the one before', async () => {
    const { fleet, next } = world;
    before = await readState(fleet);
    const problems = await deployInWaves(world, next, {
      async behind(wave) {
        const unread = async () => (await routesOf(fleet)).get('embed/eu') === 'unread: schema';
        if (wave === 'control') await passUntil(fleet, 16, unread);
        if (!wave.startsWith('one-region')) return;
        // The other gateway is of version N still: it has read the item, counted it and gone on.
        const counted = () => logsOf(arnOf(home, 'gateway')).includes('bad-route-item');
        await until('a gateway that met the schema', counted);
        await failHalfWay();
      },
    });
    expect(problems.filter((problem) => !isMissedRun(problem) && !isTakenBack(problem))).toEqual([]);
    expect(world.traffic.problems).toEqual([]);
  }, 400_000);

  it('goes back the other way, with what the next version wrote lying in the tables', async () => {
    const { fleet, now } = world;
    between = await readState(fleet);
    const problems = await deployInWaves(world, now, { readersFirst: true });
    expect(problems.filter((problem) => !isMissedRun(problem) && !isGoingBack(problem))).toEqual([]);
    expect(world.traffic.problems).toEqual([]);
  }, 400_000);

  it('says by name which route it cannot read, and brings it back by hand', async () => {
    const { fleet, configFile } = world;
    expect([...(await routesOf(fleet))].filter(([, what]) => what.startsWith('unread'))).toEqual([
      ['embed/eu', 'unread: schema'],
    ]);
    const options = ['--config', configFile, '--aws-url', fleet.cloud.aws.url];
    const order = [
      'rollback',
      'embed',
      'eu',
      '--to',
      '1',
      '--reason',
      'the version before stands again',
      '--yes',
    ];
    await until('the version before', async () => {
      const { exitCode, stderr } = await runCommandLine([...order, ...options]);
      return exitCode === 0 && stderr.includes('cannot be read by this version');
    });
    expect([...(await routesOf(fleet)).values()].filter((what) => what.startsWith('unread'))).toEqual([]);
  });

  it('has failed no request, cut no stream, and lost no item and no line of a batch', async () => {
    const { fleet, traffic, outlived, batches } = world;
    for (const { results } of batches) expect(await results()).toEqual(['one', 'two']);
    await traffic.round();
    expect(traffic.problems).toEqual([]);
    const ways = ['next', 'back'].flatMap((way) => gatewayStacks.map((stack) => `${stack} ${way}`));
    expect([...outlived].sort()).toEqual(ways.sort());
    const after = await readState(fleet);
    expect(lostSince(before, after)).toEqual([]);
    expect(lostSince(between, after)).toEqual([]);
    // Begun by the next version, and ended by the one before: with the member that only the next one knows.
    const begunByNext = batches
      .slice(-2)
      .map(({ id }) => [...after].find(([place]) => place.endsWith(`batch#${id}`))?.[1]);
    expect(begunByNext).toMatchObject([
      { madeBy: 'next', state: 'completed' },
      { madeBy: 'next', state: 'completed' },
    ]);
  }, 400_000);

  it('has a record of every answer in trails that are whole', async () => {
    const { fleet, traffic, configFile } = world;
    const answered = [...traffic.answered];
    expect(answered.length).toBeGreaterThan(20);
    for (const [stack, place] of [
      ['Gateway-us-east-1', home],
      ['Gateway-eu-central-1', europe],
    ] as const) {
      const ids = answered.flatMap(([id, by]) => (by === stack ? [id] : []));
      let missing = ids;
      await until(`a record of every answer of ${stack}`, async () => {
        const sealed = new Set((await sealedRecords(fleet, place)).map(({ id }) => id));
        missing = ids.filter((id) => !sealed.has(id));
        return missing.length === 0;
      }).catch((error) => expect([String(error), ...missing]).toEqual([]));
      expect(await verifyTrail(fleet, configFile, place.region)).toMatchObject({ exitCode: 0, findings: [] });
    }
  }, 400_000);

  it.each(quickDefects)(
    'is found by name: $what',
    async (defect) => {
      try {
        const problems = await problemsWith(world, defect);
        expect(problems.join('\n')).toContain(defect.says);
      } finally {
        await restore(world, defect);
      }
    },
    400_000,
  );
});
