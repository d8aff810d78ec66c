/**
 * Random runs of both shared ledgers over a real DynamoDB engine, through AWS's own client. All ten thousand of each:
 * `node bench/capacity-schedules.ts`.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksRig } from '#test/builders/block-rigs.ts';
import { pagesRig } from '#test/builders/capacity-rigs.ts';
import { runSchedule } from '#test/builders/capacity-schedule.ts';
import { createTestTable, dynamodbEngines } from '#test/builders/dynamodb-engines.ts';
import { EngineNetwork } from '#test/builders/engine-network.ts';
import {
  engineBlocksRig,
  enginePagesRig,
  networkedBlocksRig,
  networkedPagesRig,
  type UpdateBend,
} from '#test/builders/engine-rigs.ts';
import { runsOf } from '#test/builders/runs-of.ts';
import { RENEWED_MS_MIN } from '#usecases/capacity/held-block.ts';
import { type CapacityAdapter, runSchedules } from '../../port-suites/capacity-ledger.suite.ts';

const SCHEDULES = {
  dynalite: { pages: runsOf(8), blocks: runsOf(13) },
  dynoxide: { pages: runsOf(13), blocks: runsOf(20) },
};
const COMPARED = { pages: runsOf(10), blocks: runsOf(13) };
/** A busy machine takes ten times as long as a quiet one. */
const TEST_MS_MAX = 300_000;

/** Engines that one program starts and that show the item of a refusal, or leave it to be read. */
const engines = dynamodbEngines.filter(({ name }) => name in SCHEDULES);

for (const { name, skip, start } of engines) {
  if (skip !== undefined) {
    it.skip(`capacity schedules on ${name}: ${skip}`, () => undefined);
    continue;
  }
  describe(`on ${name}, behind a network that loses, repeats, delays and refuses`, () => {
    const counts = SCHEDULES[name as keyof typeof SCHEDULES];
    let network: EngineNetwork;
    beforeAll(async () => {
      network = await EngineNetwork.open(await start());
    });
    afterAll(() => network.close());

    it(
      `no slot of ${counts.pages} runs on pages and ${counts.blocks} on blocks is lent twice or lost`,
      async () => {
        const pages = await runSchedules(onPages(network), counts.pages);
        const blocks = await runSchedules(onBlocks(network), counts.blocks, { firstSeed: 1_000_000 });
        expect([...pages.complaints, ...blocks.complaints]).toEqual([]);
        expect(pages.granted).toBeGreaterThan(10 * counts.pages);
        expect(blocks.granted).toBeGreaterThan(10 * counts.blocks);
      },
      TEST_MS_MAX,
    );
  });
}

describe('a process whose clock is wrong by far', () => {
  const HOUR_MS = 3_600_000;
  it.each([
    ['pages', onPages],
    ['blocks', onBlocks],
  ])(
    'takes no slot of others on %s, and keeps none from them for more than an hour',
    async (_, adapterOf) => {
      const network = await EngineNetwork.open(await soundEngine().start());
      let total = 0;
      for (const [index, wrongByMs] of [
        5_000,
        -5_000,
        HOUR_MS,
        -HOUR_MS,
        2 * HOUR_MS,
        -2 * HOUR_MS,
      ].entries()) {
        const run = { mood: 'rough', processCount: 3, wrongByMs, firstSeed: 100 * index } as const;
        const { complaints, granted } = await runSchedules(adapterOf(network), runsOf(6), run);
        expect(complaints, `wrong by ${wrongByMs} ms`).toEqual([]);
        total += granted;
      }
      expect(total).toBeGreaterThan(runsOf(100));
      await network.close();
    },
    TEST_MS_MAX,
  );
});

it('the runs catch a process that believes its own clock', async () => {
  const engine = await soundEngine().start();
  const table = await createTestTable(engine.client, 'capacity');
  const adapter = { rig: enginePagesRig({ ...engine, table }), hasNetwork: true };
  const run = { mood: 'rough', processCount: 3, wrongByMs: 3_600_000 } as const;
  const { complaints } = await runSchedules(adapter, 50, run);
  await engine.close();
  expect(complaints[0]).toMatch(/(slots|KV tokens) in use/);
});

describe('the same run', () => {
  const opened = async () => {
    const engine = await soundEngine().start();
    return { ...engine, table: await createTestTable(engine.client, 'capacity') };
  };
  const heardOf = async (options: Parameters<typeof runSchedule>[0]): Promise<readonly string[]> => {
    const heard: string[] = [];
    await runSchedule({ ...options, hear: (answer) => heard.push(answer) });
    return heard;
  };

  it(
    'hears the same answers at the same times over a simulated store and over a real engine',
    async () => {
      const engine = await opened();
      let answers = 0;
      for (const [count, rig, simulated] of [
        [COMPARED.pages, enginePagesRig(engine), pagesRig()],
        [COMPARED.blocks, engineBlocksRig(engine), blocksRig()],
      ] as const)
        for (let seed = 0; seed < count; seed += 1) {
          const run = { seed, mood: seed % 3 === 0 ? 'calm' : 'rough', hasNetwork: true } as const;
          const heard = await heardOf({ ...run, rig });
          expect(heard, `seed ${seed}`).toEqual(await heardOf({ ...run, rig: simulated }));
          answers += heard.length;
        }
      expect(answers).toBeGreaterThan(20 * (COMPARED.pages + COMPARED.blocks));
      await engine.close();
    },
    TEST_MS_MAX,
  );
});

/** What no store in memory can show: the words of the adapters' own conditions. */
describe('the runs over a real engine catch', () => {
  const caught = async (adapterOf: typeof onPages, part: string | RegExp, firstSeed: number) => {
    const network = await EngineNetwork.open(await soundEngine().start());
    const { complaints } = await runSchedules(adapterOf(network, without(part)), 400, { firstSeed });
    await network.close();
    expect(complaints[0]).toMatch(/(slots|KV tokens) (in use|were free)/);
  };

  // Where the search begins saves time: from there on each is found soon.
  it.each<[string, typeof onPages, string | RegExp, number]>([
    ['a lease on a page that is full', onPages, ' AND size(#leases) < :slots', 0],
    [
      'a lease that is taken over although it was renewed meanwhile',
      onPages,
      / AND #leases\.#x\d+\[0\] = :x\d+/g,
      83,
    ],
    ['a block out of a book that somebody else has changed', onBlocks, '#version = :before AND ', 0],
  ])('%s', (_, adapterOf, part, firstSeed) => caught(adapterOf, part, firstSeed), TEST_MS_MAX);
});

/** The faster one, where it is installed. */
function soundEngine() {
  const engine = engines.findLast(({ skip }) => skip === undefined);
  if (engine === undefined) throw new Error('dynalite is always there');
  return engine;
}

function onPages(network: EngineNetwork, bend?: UpdateBend): CapacityAdapter {
  return { rig: networkedPagesRig(network, bend), hasNetwork: true };
}

function onBlocks(network: EngineNetwork, bend?: UpdateBend): CapacityAdapter {
  return { rig: networkedBlocksRig(network, bend), hasNetwork: true, renewedMs: RENEWED_MS_MIN };
}

/** An update without a part of its condition, as if the adapter had forgotten it, and without what only that part names. */
function without(part: string | RegExp): UpdateBend {
  return (input) => {
    const condition = input.ConditionExpression?.replace(part, '');
    const isUsed = ([name]: [string, unknown]): boolean =>
      `${input.UpdateExpression} ${condition}`.includes(name);
    const values = Object.entries(input.ExpressionAttributeValues ?? {}).filter(isUsed);
    const { ExpressionAttributeValues: _, ...rest } = input;
    return {
      ...rest,
      ConditionExpression: condition,
      ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
    };
  };
}
