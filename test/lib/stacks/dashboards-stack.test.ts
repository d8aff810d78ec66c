import { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { SpillwayConfig } from '#contract/config.ts';
import { DashboardsStack } from '#lib/stacks/dashboards-stack.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';

const stackOf = (config: SpillwayConfig): DashboardsStack =>
  new DashboardsStack(new App(), `Dashboards-${config.home.region}`, { config });

describe('DashboardsStack', () => {
  it('makes each board once, at home, under the deployment’s name', () => {
    const stack = stackOf(acme);
    const dashboards = Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard');
    const names = Object.values(dashboards).map(({ Properties }) => Properties.DashboardName);
    expect(names.sort()).toEqual([
      'acme-availability',
      'acme-capacity',
      'acme-cost',
      'acme-discovery',
      'acme-model',
      'acme-routing',
    ]);
    expect(stack.place).toEqual({ account: '111111111111', region: 'us-east-1' });
  });

  it('offers the regions, accounts, models and tenants of the configuration', () => {
    const dashboards = Template.fromStack(stackOf(acme)).findResources('AWS::CloudWatch::Dashboard');
    const bodies = Object.values(dashboards).map(({ Properties }) => JSON.parse(Properties.DashboardBody));
    const offered = new Map<string, string[]>(
      bodies.flatMap(({ variables }) =>
        variables.map(({ id, values }: { id: string; values: { value: string }[] }) => [
          id,
          values.map(({ value }) => value),
        ]),
      ),
    );
    expect(offered.get('region')).toContain('eu-north-1');
    expect(offered.get('account')).toEqual([
      ...['Spillway/Availability', '111111111111', '222222222222', '333333333333'],
    ]);
    expect(offered.get('model')).toEqual(['Spillway/Gateway', 'chat-large', 'chat-small', 'embed']);
    expect(offered.get('tenant')).toEqual(['Spillway/Gateway', 'demo']);
  });

  it('warns of panels that would leave series out, once a board', () => {
    const tracked = Array.from({ length: 600 }, (_, index) => `vendor.model-${index}-v1:0`);
    const stack = stackOf(checkedConfig({ ...acme, discovery: { tracked } }));
    const warnings = Annotations.fromStack(stack).findWarning(
      '*',
      Match.stringLikeRegexp('Models by account'),
    );
    expect(warnings).toHaveLength(1);
    expect(Annotations.fromStack(stackOf(acme)).findWarning('*', Match.anyValue())).toEqual([]);
  });
});
