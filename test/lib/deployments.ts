import type { SpillwayConfig } from '#contract/config.ts';
import { deployedConfig } from '#test/builders/deployed-config.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

export interface ExampleDeployment {
  readonly config: SpillwayConfig;
  readonly gatewayConcurrency?: number;
}

const principal = 'arn:aws:iam::222222222222:role/app';

/** Deployments that have between them every stack, by what sets each apart. */
export const deployments: Readonly<Record<string, () => ExampleDeployment>> = {
  'the example': () => ({ config: acme }),
  'signed callers, operators, two peppers, concurrency kept': () => ({
    config: checkedConfig({
      ...acme,
      gateways: ['eu-central-1'],
      frontDoor: { authorization: 'iam' },
      operators: { principals: [principal] },
      tenants: { app: { residencies: ['eu'], principals: [principal] } },
      keys: { pepperOverlap: true },
    }),
    gatewayConcurrency: 40,
  }),
  'no batches, a region that stands by, an audit trail': () => ({
    config: checkedConfig({
      ...acme,
      batches: { enabled: false },
      audit: { enabled: true },
      standby: 'us-west-2',
    }),
  }),
  'alarms that call, metrics seen at home, a pipeline': () => ({
    config: checkedConfig({
      ...acme,
      observability: { alarmTopic: 'on-call', createSinks: true },
      pipeline: { archive: { bucket: 'acme-sources', key: 'spillway.zip' }, approvals: ['all-others'] },
    }),
  }),
  'endpoints of its own': () => ({ config: deployedConfig() }),
};
