import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { NamesStack } from '#lib/stacks/names-stack.ts';
import { acme } from '#test/lib/acme.ts';
import { home } from '#test/lib/built.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

describe('NamesStack', () => {
  const zone = { account: home.account, id: 'Z0001', name: 'llm.example.com' };
  const name = (residency: string, region: string) => ({
    residency,
    region,
    hostname: `${residency}.llm.example.com`,
    leadsTo: `${region}.llm.example.com`,
  });
  const names = [name('eu', 'eu-west-1'), name('eu', 'eu-central-1'), name('anywhere', 'eu-west-1')];
  const stack = new NamesStack(unbundledApp('cdk.out', false), 'Names', {
    ...{ config: acme, place: home, zone, names },
  });
  const template = Template.fromStack(stack);

  it('writes a latency record for each answer that a name may give, and none besides', () => {
    const records = Object.values(template.findResources('AWS::Route53::RecordSet')).map(
      ({ Properties }) => Properties,
    );
    expect(
      records.map(({ Name, Region, ResourceRecords, TTL }) => [Name, Region, ResourceRecords, TTL]),
    ).toEqual([
      ['eu.llm.example.com.', 'eu-west-1', ['eu-west-1.llm.example.com'], '60'],
      ['eu.llm.example.com.', 'eu-central-1', ['eu-central-1.llm.example.com'], '60'],
      ['anywhere.llm.example.com.', 'eu-west-1', ['eu-west-1.llm.example.com'], '60'],
    ]);
  });

  it('asks each gateway once whether it is ready, over TLS and under its own name', () => {
    const checks = Object.values(template.findResources('AWS::Route53::HealthCheck'));
    expect(checks.map(({ Properties }) => Properties.HealthCheckConfig)).toMatchObject(
      ['eu-west-1', 'eu-central-1'].map((region) => ({
        Type: 'HTTPS',
        FullyQualifiedDomainName: `${region}.llm.example.com`,
        ResourcePath: '/readyz',
        FailureThreshold: 3,
      })),
    );
  });
});
