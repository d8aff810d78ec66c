import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { HandedRecord } from '#core/audit/handed-record.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { aHandedRecord } from '#test/builders/a-chain.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { sealMessages } from '#usecases/audit/seal-messages.ts';

const { residencies } = acmeConfig();
const policies = Object.entries(residencies).map(([name, spec]) =>
  resolveResidency(name, spec, shippedFacts),
);
const aRegion = fc.constantFrom(
  'us-east-1',
  'eu-central-1',
  'eu-west-1',
  'ap-northeast-1',
  'sa-east-1',
  'moon',
);

it('no record of an answered request is kept outside its residency, wherever its message turns up', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...policies), aRegion, aRegion, async (policy, decidedIn, keptIn) => {
      // What every request passes before anything else is done with it: stage `place`.
      fc.pre(judgeGatewayRegion(policy, decidedIn).lawful);
      const handed = aHandedRecord(1);
      const record = { ...handed.record, region: decidedIn, residency: policy.name };
      const sealed: HandedRecord[] = [];
      const sealer = { seal: async (records: readonly HandedRecord[]) => void sealed.push(...records) };
      const services = { sealer, region: keptIn, log: { write: () => undefined } };
      await sealMessages(services, [{ id: 'a', body: JSON.stringify({ ...handed, record }) }]);
      if (sealed.length > 0) expect(judgeGatewayRegion(policy, keptIn).lawful).toBe(true);
      expect(sealed).toHaveLength(decidedIn === keptIn ? 1 : 0);
    }),
  );
});
