import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { DashboardsStack } from '#lib/stacks/dashboards-stack.ts';
import type { Cloud } from '#local/cloudformation/cloud.ts';
import { dashboard } from '#local/cloudformation/handlers/cloudwatch-dashboard.ts';
import { acme } from '#test/lib/acme.ts';

type Properties = Readonly<Record<string, unknown>>;

/** What comes of a dashboard where nothing is yet. */
async function create(
  properties: Properties,
  cloud = { kept: new Map() } as unknown as Cloud,
): Promise<string> {
  const request = { account: '111111111111', region: 'us-east-1', properties, nameOf: () => 'unnamed' };
  const { physicalId } = await dashboard.create(
    request as unknown as Parameters<typeof dashboard.create>[0],
    cloud,
  );
  return physicalId;
}

const body = (...widgets: readonly unknown[]): Properties => ({ DashboardBody: JSON.stringify({ widgets }) });
const text = { type: 'text', x: 0, y: 0, width: 24, height: 1, properties: { markdown: 'Tides' } };

it('takes the dashboards of a deployment, each name once', async () => {
  const stack = new DashboardsStack(new App(), 'Dashboards-us-east-1', { config: acme });
  const made = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const cloud = { kept: new Map() } as unknown as Cloud;
  for (const { Properties } of made) expect(await create(Properties, cloud)).toBe(Properties.DashboardName);
  expect(made).toHaveLength(6);
  await expect(create(made[0]?.Properties, cloud)).rejects.toThrow('AlreadyExists');
});

it.each<readonly [string, Properties, string]>([
  ['no JSON', { DashboardBody: '{' }, 'it is no JSON'],
  ['no widgets', { DashboardBody: '{}' }, 'widgets is no list'],
  ['a widget that ends too far right', body({ ...text, x: 1 }), '/widgets/0: it ends right of column 24'],
  ['a place in fractions', body({ ...text, y: 0.5 }), 'whole numbers'],
  ['a text without words', body({ ...text, properties: {} }), 'a text has markdown'],
  [
    'a graph without a region',
    body({ ...text, type: 'metric', properties: { metrics: [] } }),
    'has a region',
  ],
  ['a kind that nobody knows', body({ ...text, type: 'alarm' }), 'text and metric widgets'],
  ['501 widgets', body(...Array(501).fill(text)), '501 widgets, at most 500'],
])('refuses %s', async (_, properties, says) => {
  await expect(create(properties)).rejects.toThrow(says);
});
