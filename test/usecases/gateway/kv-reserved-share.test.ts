import { expect, it } from 'vitest';
import { findMetric } from '#core/metrics/registry.ts';
import { kvReservedShareMetric } from '#lib/constructs/dedicated/endpoint-metrics.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const here = 'us-east-1';
const memory = { share: { [here]: 5 }, copies: 2, kvTokens: { [here]: 100_000 } };

/** A streamed answer of four parts, as a target with or without a limit of its cache gives it. */
async function shareHeldAt(target: ReturnType<typeof aTarget>) {
  const capacity = createScriptedLedger();
  const { chat, invoker, records } = await aStartedGateway([target, aTarget()], {
    leap: true,
    overrides: { capacity },
  });
  invoker.script(target.id, { ...answering(['a', 'b', 'c', 'd'], usageOf(10, 4)), betweenMs: 100 });
  await (await chat({ stream: true })).text();
  return { record: records[0], demand: capacity.demands[0] };
}

it('tells what a request held of the cache of the target that answered, for as long as it was called', async () => {
  const { record, demand } = await shareHeldAt(aDedicatedTarget(memory));
  const heldMs = record?.durationMs ?? 0;
  expect(heldMs).toBeGreaterThan(0);
  expect(demand?.kvTokens).toBeGreaterThan(0);
  expect(record?.kvReservedShare).toBeCloseTo(((demand?.kvTokens ?? 0) * heldMs) / (100_000 * 60_000), 9);
});

it('is not told of a target whose cache limits nothing', async () => {
  const { record } = await shareHeldAt(aDedicatedTarget({ share: { [here]: 5 } }));
  expect(record?.outcome).toBe('answered');
  expect(record?.kvReservedShare).toBeUndefined();
});

it('is published under the very name by which copies follow it', () => {
  const { namespace, metricName, dimensions } = kvReservedShareMetric('chat');
  expect(findMetric(namespace, metricName)?.dimensions).toEqual(Object.keys(dimensions));
});
