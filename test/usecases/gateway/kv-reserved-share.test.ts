import { expect, it } from 'vitest';
import { findMetric } from '#core/metrics/registry.ts';
import { kvReservedShareMetric } from '#lib/constructs/dedicated/endpoint-metrics.ts';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';
import { createScriptedLedger } from '#test/builders/scripted-ledger.ts';

const here = 'us-east-1';
const memory = { share: { [here]: 5 }, copies: 2, kvTokens: { [here]: 100_000 } };

/** A streamed answer, as a target with or without a limit of its cache gives it. */
async function shareHeldAt(target: ReturnType<typeof aTarget>, tokens = 4) {
  const capacity = createScriptedLedger();
  const { chat, invoker, records } = await aStartedGateway([target, aTarget()], {
    leap: true,
    overrides: { capacity },
  });
  const parts = Array<string>(tokens).fill('a');
  invoker.script(target.id, { ...answering(parts, usageOf(10, tokens)), betweenMs: 100 });
  await (await chat({ stream: true, max_tokens: 4_000 })).text();
  return { record: records[0], demand: capacity.demands[0] };
}

it('tells what a request held of the cache of the target that answered, for as long as it was called', async () => {
  const { record, demand } = await shareHeldAt(aDedicatedTarget(memory));
  const heldMs = record?.durationMs ?? 0;
  expect(heldMs).toBeGreaterThan(0);
  expect(demand?.kvTokens).toBeGreaterThan(0);
  expect(record?.kvReservedShare).toBeCloseTo(((demand?.kvTokens ?? 0) * heldMs) / (100_000 * 60_000), 9);
});

it('is what an answer came to that outgrew its reservation', async () => {
  // Of answers that nobody has seen 1,024 tokens are expected.
  const { record, demand } = await shareHeldAt(aDedicatedTarget(memory), 2_048);
  const kvTokens = (demand?.kvTokens ?? 0) + 1_024;
  expect(record?.kvReservedShare).toBeCloseTo((kvTokens * (record?.durationMs ?? 0)) / (100_000 * 60_000), 9);
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
