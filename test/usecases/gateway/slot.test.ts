import { expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const memory = { copies: 1, kvTokens: { 'us-east-1': 100_000 } };
const target = aDedicatedTarget({ share: { 'us-east-1': 8 }, ...memory });
const east = aTarget();

/** Grants a request that takes less memory than a slot has on average, and the large ones only when `hasRoom` says so. */
async function world(hasRoom: () => boolean) {
  const capacity = createScriptedLedger({
    answer: ({ kvTokens }) => (kvTokens <= 100_000 / 8 || hasRoom() ? 'granted' : 'full'),
  });
  const made = await aStartedGateway([target, east], { overrides: { capacity, servesMany: true } });
  made.invoker.script(target.id, { ...answering(['a', 'b']), delaysMs: [0, 0, 1000] });
  const small = () => made.chat();
  const large = () => made.chat({ messages: [{ role: 'user', content: 'word '.repeat(30_000) }] });
  await small();
  return { ...made, small, large, demands: capacity.demands };
}

const tierOf = (response: Response) => response.headers.get('x-spillway-tier');

it('a request that needs more memory than a slot has on average waits beside the line, and keeps nobody from a slot', async () => {
  let asked = 0;
  const { small, large, records } = await world(() => ++asked > 1);
  const responses = await Promise.all([large(), small(), small()]);
  expect(responses.map(tierOf)).toEqual(['dedicated', 'dedicated', 'dedicated']);
  const [waited, ...others] = records
    .slice(1)
    .map(({ slotWaitMs }) => slotWaitMs)
    .sort((one, other) => other - one);
  expect(waited).toBeGreaterThan(0);
  expect(others).toEqual([0, 0]);
});

it('it goes on after a tenth of the time to the first content, and says nothing of the room for others', async () => {
  const { small, large, demands, records } = await world(() => false);
  expect(tierOf(await large())).toBe('serverless');
  expect(records.at(-1)?.slotWaitMs).toBeLessThanOrEqual(500);
  expect(tierOf(await small())).toBe('dedicated');
  expect(demands.at(-1)?.slotsReserved).toBe(0);
});

it.each([true, false])(
  'nobody waits for a ledger that does not decide (in a line: %s)',
  async (servesMany) => {
    let asked = 0;
    const capacity = createScriptedLedger({ answer: () => (++asked === 1 ? 'granted' : 'unknown') });
    const gpu = aDedicatedTarget({ share: { 'us-east-1': 8 } });
    const { chat, records } = await aStartedGateway([gpu, east], { overrides: { capacity, servesMany } });
    await chat();
    for (const lane of ['interactive', 'bulk'])
      expect(tierOf(await chat({}, { 'x-spillway-lane': lane }))).toBe('serverless');
    expect(records.map(({ slotWaitMs }) => slotWaitMs)).toEqual([0, 0, 0]);
  },
);
