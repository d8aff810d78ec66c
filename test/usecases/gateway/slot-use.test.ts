import { expect, it } from 'vitest';
import { aStartedGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';

const here = 'us-east-1';

async function recordAt(target: ReturnType<typeof aTarget>, serverlessSlots?: number) {
  const plain = configWithoutBaseline();
  const config = { ...plain, capacity: { ...plain.capacity, serverlessSlots } };
  const { chat, invoker, records } = await aStartedGateway([target], { leap: true, config });
  invoker.script(target.id, { ...answering(['a', 'b'], usageOf(10, 2)), betweenMs: 100 });
  await (await chat({ stream: true })).text();
  return records[0];
}

it('tells how long an answer held a slot of a dedicated target, and what share of all that is', async () => {
  const record = await recordAt(aDedicatedTarget({ share: { [here]: 5 } }));
  const heldMs = record?.slotHeldMs ?? 0;
  expect(heldMs).toBe(record?.durationMs);
  expect(heldMs).toBeGreaterThan(0);
  expect(record?.slotsReservedShare).toBeCloseTo(heldMs / (5 * 60_000), 12);
});

it('tells the time alone where slots of serverless targets are configured, and nothing where none are', async () => {
  const limited = await recordAt(aTarget(), 5);
  expect(limited?.slotHeldMs).toBeGreaterThan(0);
  expect(limited).not.toHaveProperty('slotsReservedShare');
  expect(await recordAt(aTarget())).not.toHaveProperty('slotHeldMs');
});
