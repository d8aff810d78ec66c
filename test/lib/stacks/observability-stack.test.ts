import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addChecks } from '#lib/checks.ts';
import { ControlStack } from '#lib/stacks/control-stack.ts';
import { DiscoveryStack } from '#lib/stacks/discovery-stack.ts';
import { ObservabilityStack, sinkOf, sinkPlaces } from '#lib/stacks/observability-stack.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { synthesized, unbundledApp } from '#test/lib/synthesized.ts';

const sink = (region: string, account = '111111111111'): string =>
  `arn:aws:oam:${region}:${account}:sink/1c72e9ec-0000`;
const observability = {
  createSinks: true,
  alarmTopic: 'on-call',
  sinks: { 'eu-central-1': sink('eu-central-1'), 'us-east-1': sink('us-east-1') },
};
const config = checkedConfig({ ...acme, observability, audit: { enabled: true } });
const { template, assembly } = synthesized({ config, organizationId: 'o-a1b2c3d4e5' });
const frankfurt = template('Observability-eu-central-1');

describe('ObservabilityStack', () => {
  it('stands in the home account, in each region in which others are observed', () => {
    const stacks = assembly.stacks.filter(({ hierarchicalId }) =>
      hierarchicalId.startsWith('Observability-'),
    );
    expect(stacks.map(({ environment }) => `${environment.account}/${environment.region}`).sort()).toEqual(
      ['ap-northeast-1', 'ap-northeast-3', 'ap-southeast-2']
        .concat(['eu-central-1', 'eu-north-1', 'eu-west-1', 'eu-west-3'])
        .map((region) => `111111111111/${region}`),
    );
  });

  it('lets the accounts of its region link metrics, and nothing else, and only of the organization', () => {
    const [properties] = Object.values(frankfurt.findResources('AWS::Oam::Sink')).map(
      (each) => each.Properties,
    );
    expect(properties).toMatchObject({
      Name: 'acme',
      Policy: {
        Statement: [
          {
            Effect: 'Allow',
            Action: ['oam:CreateLink', 'oam:UpdateLink'],
            Condition: {
              'ForAllValues:StringEquals': { 'oam:ResourceTypes': ['AWS::CloudWatch::Metric'] },
              Null: { 'oam:ResourceTypes': 'false' },
              StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' },
            },
          },
        ],
      },
    });
    expect(JSON.stringify(properties?.Policy)).toContain('222222222222');
    expect(JSON.stringify(properties?.Policy)).not.toContain('333333333333');
  });

  it('tells its ARN, which nobody can spell before', () => {
    frankfurt.hasOutput('SinkArn', { Value: { 'Fn::GetAtt': ['Sink', 'Arn'] } });
  });

  it('is linked by discovery where its ARN is known, and by no account to itself', () => {
    template('Discovery-222222222222-eu-central-1').hasResourceProperties('AWS::Oam::Link', {
      SinkIdentifier: sink('eu-central-1'),
    });
    template('Discovery-222222222222-eu-west-1').resourceCountIs('AWS::Oam::Link', 0);
    template('Discovery-111111111111-us-east-1').resourceCountIs('AWS::Oam::Link', 0);
  });

  it('is not made unless it is asked for, so that a sink of one’s own can take its place', () => {
    const own = checkedConfig({
      ...acme,
      observability: { sinks: { 'us-east-1': sink('us-east-1', '999999999999') } },
    });
    expect(sinkPlaces(own)).toEqual([]);
    expect(sinkOf(own, { account: '111111111111', region: 'us-east-1' })).toContain('999999999999');
    expect(sinkOf(own, { account: '222222222222', region: 'eu-west-1' })).toBeUndefined();
  });

  it('lets every alarm call the topic of its own account and region, by itself or as a member of one that does', () => {
    const stacks = assembly.stacks.filter(({ hierarchicalId }) =>
      /^(?:Control|Discovery|Gateway)-/.test(hierarchicalId),
    );
    for (const { hierarchicalId, environment } of stacks) {
      const found = template(hierarchicalId);
      const alarms = Object.entries(found.findResources('AWS::CloudWatch::Alarm'));
      expect(alarms.length, hierarchicalId).toBeGreaterThan(3);
      const composites = Object.entries(found.findResources('AWS::CloudWatch::CompositeAlarm'));
      const rules = JSON.stringify(composites.map(([, { Properties }]) => Properties.AlarmRule));
      const topic = `arn:aws:sns:${environment.region}:${environment.account}:on-call`;
      for (const [name, { Properties }] of [...alarms, ...composites]) {
        const told = `${hierarchicalId} ${name}`;
        if (rules.includes(`"${name}"`)) expect(Properties, told).not.toHaveProperty('AlarmActions');
        else expect(Properties, told).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
      }
    }
  });
});

describe('the checks at synth', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-observability-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('find nothing in sinks, links and alarms that call somebody', () => {
    const app = unbundledApp(folder);
    const place = { account: '222222222222', region: 'eu-central-1' };
    new ObservabilityStack(app, 'Observability', { config, place: { ...place, account: '111111111111' } });
    new DiscoveryStack(app, 'Discovery', { config, place });
    new ControlStack(app, 'Control', {
      config,
      facts: shippedFacts,
      place: config.home,
      observationStreamArn: 'arn:aws:dynamodb:us-east-1:111111111111:table/acme-observations/stream/2026',
    });
    addChecks(app);
    app.synth();
  });
});
