/** A line of a batch leaves its residency as little as a call does: whatever the table says and whoever fails. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { CallOrder } from '#contract/batch-messages.ts';
import { aBatchRegion, batchTenant, chatLinesNamed } from '#test/builders/a-batch-region.ts';
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { aSignal, type Script } from '#test/builders/scripted-invoker.ts';
import { loadPlan, readBatchFile } from '#usecases/batch/read-batch-file.ts';
import { runChunk } from '#usecases/batch/run-chunk.ts';

const countryRegions: Readonly<Record<string, readonly string[]>> = {
  us: ['us-east-1', 'us-east-2', 'us-west-2'],
  eu: ['eu-central-1', 'eu-west-1', 'eu-west-3', 'eu-north-1'],
};
const codes = ['us-east-1', 'us-west-2', 'eu-central-1', 'eu-west-3', 'ap-northeast-1', 'ca-central-1'];
const target = fc
  .record({ region: fc.constantFrom(...codes), reach: fc.subarray(codes, { maxLength: 2 }) })
  .map(({ region, reach }) => aTarget({ region, reach: [...new Set([region, ...reach])] }));
const script = fc.constantFrom<Script>(
  {},
  { failsBefore: aSignal({ errorName: 'ThrottlingException', httpStatus: 429 }) },
  { failsBefore: aSignal({ errorName: 'ServiceUnavailableException', httpStatus: 503 }) },
);

it('calls no line outside of the residency under which its file came', async () => {
  let called = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(target, script), { minLength: 1, maxLength: 6 }),
      // The gateway stands in Virginia or in Frankfurt; the batch may name either.
      fc.constantFrom('us-east-1', 'eu-central-1'),
      fc.constantFrom('us', 'eu'),
      fc.constantFrom<readonly string[]>(['us', 'eu'], ['us'], ['eu']),
      async (rows, gatewayRegion, residency, keyResidencies) => {
        const targets = [...new Map(rows.map(([row]) => [row.id, row])).values()];
        const routes = ['us', 'eu'].map((name) => aRoute({ targets, residency: name }));
        const { gateway, invoker } = aGateway({
          region: gatewayRegion,
          config: configWithoutBaseline(),
          routes,
        });
        for (const [row, how] of rows) invoker.script(row.id, how);
        await gateway.start();
        gateway.stop();
        const region = aBatchRegion();
        const tenant = { ...batchTenant, residencies: keyResidencies };
        const batch = await region.start(chatLinesNamed(5), { residency, tenant });
        await readBatchFile(region.desk, { tenant: 'demo', batch: batch.id });
        const [range] = await loadPlan(region.desk.objects, batch.id);
        if (range === undefined) throw new Error('there is a chunk');
        const order: CallOrder = { kind: 'call', tenant: 'demo', batch: batch.id, chunk: 0, ...range };
        const conditions = { signal: new AbortController().signal, mustEnd: () => false };
        await runChunk({ ...region.services, gateway }, order, conditions);
        const lawful = countryRegions[residency] ?? [];
        const isHere = lawful.includes(gatewayRegion) && keyResidencies.includes(residency);
        if (!isHere) expect(invoker.calls).toEqual([]);
        for (const { target: id } of invoker.calls) {
          const asked = targets.find((each) => each.id === id);
          expect(asked?.reach.filter((code) => !lawful.includes(code))).toEqual([]);
        }
        called += invoker.calls.length;
      },
    ),
    { numRuns: 150 },
  );
  // It does not pass by calling nobody.
  expect(called).toBeGreaterThan(100);
});
