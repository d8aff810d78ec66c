/** `spillway plan-deploy` over real templates: what it says of the example and of 30 accounts × 21 regions. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DeploymentPlan } from '#cli/plan-deploy/make-deployment-plan.ts';
import { metricShapeOf } from '#core/metrics/metric-shape.ts';
import { METRIC_USD_PER_MONTH, monthlyBillUsd } from '#core/metrics/registry.ts';
import enterprise from '#examples/enterprise.config.ts';
import { type CliOutcome, runCommandLine } from '#test/builders/cli-session.ts';
import { acmeConfig, parsedConfig } from '#test/builders/configs.ts';

const MICRO_USD = 1_000_000;
/** The bar for discovery, in an account and region, at a minute. */
const DISCOVERY_USD_MAX = 5;
/** Templates of 30 accounts × 21 regions take about 5 s on an idle machine. */
const SYNTH_MS_MAX = 120_000;

const configs = {
  example: 'examples/acme.config.ts',
  'thirty accounts × 21 regions': 'examples/enterprise.config.ts',
} as const;

async function planOf(config: string, ...options: readonly string[]): Promise<DeploymentPlan> {
  const { stdout, stderr } = await runCommandLine(['plan-deploy', '--json', '--config', config, ...options]);
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

const usdOf = ({ bill }: DeploymentPlan, part: string): number =>
  bill.items
    .filter((item) => part.split(' and ').includes(item.part))
    .reduce((sum, { microUsd }) => sum + microUsd, 0) / MICRO_USD;

/** Rows of the guide's table of costs: what, then USD a month of each configuration. */
function shownCosts(): readonly (readonly [part: string, example: number, large: number])[] {
  const guide = readFileSync(new URL('../../docs/guides/deploy.md', import.meta.url), 'utf8');
  const section = guide.split('## What it costs')[1]?.split('\n## ')[0] ?? '';
  const rows = section.matchAll(/^\| ([\w ]+?) \| ([\d,.]+) \| ([\d,.]+) \|/gm);
  const number = (text = ''): number => Number(text.replaceAll(',', ''));
  return [...rows].map(([, part = '', example, large]) => [part, number(example), number(large)] as const);
}

describe.each(Object.entries(configs))('plan-deploy of %s', (name, config) => {
  let plan: DeploymentPlan;
  beforeAll(async () => {
    plan = await planOf(config);
  }, SYNTH_MS_MAX);

  it('takes at most USD 5 for discovery in an account and region, alarms and all', () => {
    expect(plan.discoveryEverySeconds).toBe(60);
    const each = plan.bill.stacks.filter(({ part }) => part === 'Discovery');
    expect(each).toHaveLength(name === 'example' ? 10 : 630);
    for (const { microUsd } of each) {
      expect(microUsd / MICRO_USD).toBeGreaterThan(1);
      expect(microUsd / MICRO_USD).toBeLessThanOrEqual(DISCOVERY_USD_MAX);
    }
    expect(plan.bill.discoveryMicroUsdMax).toBe(Math.max(...each.map(({ microUsd }) => microUsd)));
  });

  it('has a price or a reason for everything that is deployed', () => {
    expect(plan.bill.notPriced).toEqual([]);
  });

  it('costs what the guide says, part by part', () => {
    const shown = shownCosts();
    const at = name === 'example' ? 1 : 2;
    const parts = [...new Set(plan.bill.items.map(({ part }) => part))].filter(
      (part) => usdOf(plan, part) >= 0.01,
    );
    const named = shown.flatMap(([part]) => part.split(' and '));
    expect(named).toEqual(expect.arrayContaining([...parts, 'All']));
    for (const row of shown) {
      const usd = row[0] === 'All' ? plan.bill.microUsd / MICRO_USD : usdOf(plan, row[0]);
      // What stands in a guide is read as an order of size: a tenth may change before somebody has to look.
      expect(Math.abs(usd - row[at]), `${row[0]}: USD ${usd}`).toBeLessThanOrEqual(Math.max(5, usd / 10));
    }
  });

  it('bills the custom metrics that the registry counts', () => {
    const metrics = plan.bill.items.filter(({ item }) => item === 'cloudwatch-metric');
    const count = metrics.reduce((sum, { quantity }) => sum + quantity, 0);
    const shape = metricShapeOf(name === 'example' ? acmeConfig() : parsedConfig(enterprise));
    expect(count * METRIC_USD_PER_MONTH).toBeCloseTo(monthlyBillUsd(shape), 6);
  });

  it('gives every account its stacks, with what is in them', () => {
    expect(plan.accounts).toHaveLength(name === 'example' ? 3 : 30);
    const stacks = plan.accounts.flatMap((account) => account.stacks);
    expect(stacks).toHaveLength(plan.bill.stacks.length);
    const discoveries = stacks.filter(({ stack }) => stack.startsWith('Discovery-'));
    for (const { resources } of discoveries) expect(resources).toMatchObject({ 'Scheduler::Schedule': 1 });
  });
});

describe('plan-deploy', () => {
  let drawn: CliOutcome;
  beforeAll(async () => {
    const guide = readFileSync(new URL('../../docs/guides/deploy.md', import.meta.url), 'utf8');
    const command = /^npx spillway (plan-deploy --config examples\/acme.*)$/m.exec(guide)?.[1] ?? '';
    drawn = await runCommandLine(command.split(/\s+#/)[0]?.trim().split(' ') ?? [], { columns: 160 });
  }, SYNTH_MS_MAX);

  it('says for people, as the guide shows, who gets what, what it costs and what that rests on', () => {
    expect(drawn.exitCode).toBe(0);
    expect(drawn.stdout).toMatch(/^acme: \d+ stacks in 3 accounts$/m);
    for (const account of ['111111111111', '222222222222', '333333333333'])
      expect(drawn.stdout).toContain(`
${account} `);
    expect(drawn.stdout).toContain('Discovery: eu-central-1, eu-north-1, eu-west-1, eu-west-3');
    expect(drawn.stdout).toMatch(/^Discovery every 60 s takes at most USD [34]\.\d\d a month/m);
    for (const word of ['What it rests on', 'bench/control-runs.ts', 'What it leaves out', 'us-east-1'])
      expect(drawn.stdout).toContain(word);
    // Nobody asked for anything.
    expect(drawn.stdout).not.toMatch(/\(asked;|\b1 smaller items/);
    expect(drawn.stdout).toMatch(/What it leaves out\n.*<name>\/key-pepper/);
  });

  it('passes on what -c would say, and what is wrong with it', async () => {
    const refused = await runCommandLine(
      'plan-deploy --config examples/acme.config.ts --context organization=mine'.split(' '),
    );
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('context organization: mine must be an organization id');
  });

  it('refuses options that are no numbers, all at once', async () => {
    const { exitCode, stderr } = await runCommandLine(
      'plan-deploy --requests many --changes -5 --config examples/acme.config.ts'.split(' '),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--requests must be a whole number from 0 to 1000000000000, got "many"');
    expect(stderr).toContain('--changes must be a whole number from 0 to 1000000000000, got "-5"');
  });

  it('tells every violation of a configuration that breaks rules', async () => {
    const { exitCode, stderr } = await runCommandLine([
      'plan-deploy',
      '--config',
      'test/lib/broken.config.json',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('home.account');
  });
});
