import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnResource, Stack } from 'aws-cdk-lib';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addChecks } from '#lib/checks.ts';
import { createSpillwayStacks } from '#lib/spillway-stacks.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { identityStatements, synthesized, unbundledApp } from '#test/lib/synthesized.ts';

/** Actions that AWS defines without a resource, each bound by a condition instead. */
const RESOURCELESS_SIDS = ['PutMetrics', 'ReadCatalogue'];
/** Objects whose names are made when they are. */
const OBJECTS_SID = 'KeepBatchFiles';
/** Keys of other accounts, whose ids are chosen when they are made; their alias is the condition. */
const STATE_KEYS_SID = 'UseStateKeys';

describe('createSpillwayStacks', () => {
  const { assembly, template } = synthesized();
  const ids = assembly.stacks.map(({ hierarchicalId }) => hierarchicalId);

  it('makes one stack for each place and account, each in an explicit environment', () => {
    expect([...ids].sort()).toEqual([
      'Access-111111111111',
      'Access-222222222222',
      'Access-333333333333',
      'Control-111111111111-us-east-1',
      'Dashboards-us-east-1',
      'Discovery-111111111111-us-east-1',
      'Discovery-111111111111-us-east-2',
      'Discovery-111111111111-us-west-2',
      'Discovery-222222222222-eu-central-1',
      'Discovery-222222222222-eu-north-1',
      'Discovery-222222222222-eu-west-1',
      'Discovery-222222222222-eu-west-3',
      'Discovery-333333333333-ap-northeast-1',
      'Discovery-333333333333-ap-northeast-3',
      'Discovery-333333333333-ap-southeast-2',
      'Gateway-ap-northeast-1',
      'Gateway-eu-central-1',
      'Gateway-eu-west-1',
      'Gateway-us-east-1',
      'Keys-ap-northeast-1',
      'Keys-eu-central-1',
      'Keys-eu-west-1',
      'State-us-east-1',
    ]);
    for (const { environment } of assembly.stacks)
      expect(environment.name).toMatch(/^aws:\/\/\d{12}\/[a-z0-9-]+$/);
  });

  it('runs each gateway in the account to which its region belongs', () => {
    const places = assembly.stacks
      .filter(({ hierarchicalId }) => hierarchicalId.startsWith('Gateway-'))
      .map(({ environment }) => `${environment.account}/${environment.region}`);
    expect(places.sort()).toEqual([
      '111111111111/us-east-1',
      '222222222222/eu-central-1',
      '222222222222/eu-west-1',
      '333333333333/ap-northeast-1',
    ]);
  });

  it('names stacks after the deployment, so that two can share an account', () => {
    for (const { hierarchicalId, stackName } of assembly.stacks)
      expect(stackName).toBe(`acme-${hierarchicalId}`);
  });

  it('refers across no account or region', () => {
    for (const id of ids) {
      const text = JSON.stringify(template(id).toJSON());
      expect(text).not.toContain('Custom::CrossRegionExport');
      if (!id.startsWith('Control-')) expect(text).not.toContain('Fn::ImportValue');
    }
  });

  it('names resources exactly wherever AWS knows them', () => {
    const loose = ids
      .flatMap((id) => identityStatements(template(id)))
      .filter(({ Resource }) => Resource.some((arn) => JSON.stringify(arn).includes('*')))
      .map(({ Sid }) => Sid);
    expect([...new Set(loose)].sort()).toEqual([OBJECTS_SID, ...RESOURCELESS_SIDS, STATE_KEYS_SID]);
  });

  it('allows no action by a pattern', () => {
    const actions = ids.flatMap((id) => identityStatements(template(id))).flatMap(({ Action }) => Action);
    expect(actions.length).toBeGreaterThan(100);
    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });
});

/** About 7 s of one processor; a machine that runs the whole suite beside it takes several times that. */
const CHECKS_MS_MAX = 120_000;

describe('the checks at synth', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'spillway-checks-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'find nothing in the stacks, and would fail on what they are for',
    () => {
      const app = unbundledApp(join(folder, 'out'));
      createSpillwayStacks(app, { config: acme, facts: shippedFacts });
      addChecks(app);
      const stack = new Stack(app, 'Bad', { env: { account: '111111111111', region: 'us-east-1' } });
      new CfnQueue(stack, 'Open');
      new CfnResource(stack, 'Wrong', { type: 'AWS::SQS::Queue', properties: { MessageRetentionPeriod: 5 } });
      expect(() => app.synth()).toThrow('AwsSolutions-SQS3');
      const report = JSON.parse(readFileSync(join(folder, 'out', 'validation-report.json'), 'utf8'));
      const found: {
        readonly ruleName: string;
        readonly violatingConstructs: { readonly constructPath: string }[];
      }[] = report.pluginReports.flatMap((plugin: { readonly violations: unknown[] }) => plugin.violations);
      const paths = found.flatMap(({ violatingConstructs }) =>
        violatingConstructs.map((one) => one.constructPath),
      );
      expect(found.map(({ ruleName }) => ruleName)).toEqual(expect.arrayContaining(['F3034']));
      expect(found.some(({ ruleName }) => ruleName.includes('AwsSolutions-SQS'))).toBe(true);
      expect(paths.filter((path) => !path.startsWith('Bad/'))).toEqual([]);
    },
    CHECKS_MS_MAX,
  );

  it('find nothing at a front door that checks signatures, with operators and two peppers', () => {
    const app = unbundledApp(join(folder, 'signed'));
    const arn = 'arn:aws:iam::222222222222:role/app';
    const config = checkedConfig({
      ...acme,
      gateways: ['eu-central-1'],
      frontDoor: { authorization: 'iam' },
      operators: { principals: [arn] },
      tenants: { app: { residencies: ['eu'], principals: [arn] } },
      keys: { pepperOverlap: true },
    });
    createSpillwayStacks(app, { config, facts: shippedFacts });
    addChecks(app);
    app.synth();
  });

  it('write the configuration without tenants’ keys, and no key into any template', () => {
    const files = readdirSync(join(folder, 'out')).filter((name) => name.endsWith('.json'));
    expect(files).toContain('spillway.config.json');
    const keys = Object.values(acme.tenants).flatMap((tenant) => tenant.keys);
    expect(keys).toEqual(['sk-local']);
    for (const name of files) {
      const text = readFileSync(join(folder, 'out', name), 'utf8');
      for (const key of keys) expect(text.includes(key), `${name} holds ${key}`).toBe(false);
    }
  });
});
