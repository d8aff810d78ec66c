/** Chains of five calls over real sockets, in bursts, from endpoints that sleep; `bench/chains.ts` measures what this proves. */
import { afterEach, describe, expect, it } from 'vitest';
import { type JournalCall, judgeJournal } from '#test/builders/chain-journal.ts';
import { apart, type ChainLayout, uniform } from '#test/builders/chain-layout.ts';
import { arrivalsOf, type ChainResult, chainModels, runChains } from '#test/builders/chain-load.ts';
import { type ChainWorld, openChainWorld } from '#test/builders/chain-world.ts';
import { mostUnderWay } from '#test/builders/slots-world.ts';

const TIME_SCALE = 0.05;
/** Of each chat endpoint; a chat takes 1.4 s, so that 0.57 chains a second are 80 % of what both bear. */
const SLOTS = 2;
const OUTPUT_TOKENS = 64;
const load = { seed: 1, chainsPerSecond: 0.57, burstSeconds: 10 };
/** A minute until a first copy serves: three seconds here. */
const pace = { wakeSeconds: 60, discoverSeconds: 10, patient: true };
const ASK_AGAIN_MS = 3_600_000;
/** An hour here. */
const NEVER_SECONDS = 72_000;
const LAWFUL = ['us-east-1', 'us-west-2'];

let world: ChainWorld | undefined;

async function run(
  layout: ChainLayout,
  chains: number,
  more: { readonly askAgainMs?: number; readonly onHalf?: (world: ChainWorld) => Promise<void> } = {},
) {
  const opened = await openChainWorld(layout, TIME_SCALE);
  world = opened;
  const { onHalf, ...asking } = more;
  const results = await runChains({
    ...{ url: opened.url, timeScale: TIME_SCALE, outputTokens: OUTPUT_TOKENS },
    ...{ arrivals: arrivalsOf({ ...load, chains }), ...asking },
    ...(onHalf === undefined ? {} : { onHalf: () => onHalf(opened) }),
  });
  const journal = await opened.takeJournal();
  return { results, journal, verdict: judgeJournal(results, journal), records: opened.records };
}

afterEach(async () => {
  await world?.close();
  world = undefined;
});

function expectAllAnswered(results: readonly ChainResult[], verdict: ReturnType<typeof judgeJournal>): void {
  for (const { calls } of results)
    expect(calls.map(({ model, status }) => [model, status])).toEqual(
      chainModels.map((model) => [model, 200]),
    );
  // Each answer was really given, once, where it may be given.
  expect(verdict.whole.size).toBe(results.length);
  expect(verdict.regions.every((region) => LAWFUL.includes(region))).toBe(true);
}

const callsOf = (results: readonly ChainResult[]) => results.flatMap(({ calls }) => calls);
const at = (journal: readonly JournalCall[], endpoint: string) =>
  journal.filter(({ target, traceparent }) => target === endpoint && traceparent !== undefined);

/** A busy machine takes its time. */
const TEST_MS_MAX = 180_000;

describe('chains of five calls in threefold bursts', { timeout: TEST_MS_MAX }, () => {
  it('go past what sleeps while it is woken, then use it, and never more of it than there is', async () => {
    const { results, journal, verdict, records } = await run(apart({ slots: SLOTS, copies: 0, ...pace }), 60);
    expectAllAnswered(results, verdict);
    expect(verdict.cold.size).toBeLessThanOrEqual(results.length / 100);
    // What found no copy were calls that only wake, and each of the three was woken.
    const waking = journal.filter(({ status }) => status === 400);
    expect(new Set(waking.map(({ target }) => target))).toEqual(new Set(['embed', 'plan', 'write']));
    expect(callsOf(results)[0]?.tier).toBe('serverless');
    for (const endpoint of ['plan', 'write']) {
      expect(at(journal, endpoint).length).toBeGreaterThan(0);
      expect(mostUnderWay(at(journal, endpoint))).toBeLessThanOrEqual(SLOTS);
    }
    expect(records.filter(({ chain }) => chain !== undefined)).toHaveLength(callsOf(results).length);
  });

  it('meet what sleeps where all of that is configured away', async () => {
    const pool = { slots: 3 * SLOTS, slotsPerCopy: SLOTS, sleeps: true };
    const { results, verdict } = await run(uniform({ ...pool, ...pace }), 30, { askAgainMs: ASK_AGAIN_MS });
    expectAllAnswered(results, verdict);
    expect(verdict.cold.size).toBeGreaterThan(results.length / 10);
  });

  it.each([
    {
      what: 'dies inside its answers',
      kill: (there: ChainWorld) => there.kill('write'),
      status: 400,
      broken: 1,
    },
    {
      what: 'refuses every connection',
      kill: (there: ChainWorld) =>
        there.setFaults([{ service: 'sagemaker-runtime', target: 'write', kind: 'refuse' }]),
      status: 0,
      broken: 0,
    },
  ])('lose no call when an endpoint $what in the middle', async ({ kill, status, broken }) => {
    let killedAt = '';
    // What died stays dead, however long a busy machine takes for the rest.
    const layout = apart({ slots: SLOTS, copies: 2, ...pace, wakeSeconds: NEVER_SECONDS });
    const { results, journal, verdict } = await run(layout, 44, {
      onHalf: async (there) => {
        await kill(there);
        killedAt = new Date().toISOString();
      },
    });
    expectAllAnswered(results, verdict);
    expect(verdict.broken).toBeGreaterThanOrEqual(broken);
    const after = at(journal, 'write').filter((call) => call.at > killedAt);
    expect(after.length).toBeGreaterThan(0);
    expect(new Set(after.map((call) => call.status))).toEqual(new Set([status]));
    // A few found out, one looked again each time that it had been passed over for long enough, and all others went past it.
    const asked = results.slice(results.length / 2).length * 2;
    expect(after.length).toBeLessThanOrEqual(asked / 4);
  });
});
