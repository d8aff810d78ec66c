import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { PipelineConfig } from '#contract/pipeline.ts';
import type { TemplateJson } from '#core/deploy-cost/deployed-stack.ts';
import { waveKindOf, waveKinds, wavePlan } from '#core/deploy-waves/wave-plan.ts';
import { PipelineStack } from '#lib/stacks/pipeline-stack.ts';
import { pipelineFaults } from '#test/builders/pipeline-faults.ts';
import { acme, checkedConfig } from '#test/lib/acme.ts';
import { unbundledApp } from '#test/lib/synthesized.ts';

const home = '111111111111';
const other = '222222222222';
const stack = (id: string, region: string, account = home) => ({ id, region, account });
const stacks = [
  stack('Keys-eu-west-1', 'eu-west-1'),
  stack('State-us-east-1', 'us-east-1'),
  stack('Control-111111111111-us-east-1', 'us-east-1'),
  stack('Gateway-eu-west-1', 'eu-west-1', other),
  stack('Gateway-us-east-1', 'us-east-1'),
  stack('Discovery-222222222222-eu-central-1', 'eu-central-1', other),
];
const waves = wavePlan(stacks, { homeRegion: 'us-east-1', bakeSeconds: 0 }).map(waveKindOf);
const expected = { waves, accounts: acme.accounts.map(({ id }) => id) };
const archive = { bucket: 'acme-sources', key: 'spillway.zip' };

type Asked = Parameters<typeof checkedConfig>[0]['pipeline'];

function templateOf(asked: Asked = { archive }, context: Record<string, string | number> = {}): TemplateJson {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-pipeline-'));
  try {
    const app = unbundledApp(folder, false);
    const config = checkedConfig({ ...acme, pipeline: asked });
    const pipeline = config.pipeline as PipelineConfig;
    return Template.fromStack(
      new PipelineStack(app, 'Pipeline-us-east-1', { config, pipeline, stacks, context }),
    ).toJSON();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const template = templateOf();
const text = JSON.stringify(template);
/** The template after a change of its text, which must change it. */
function changed(from: string | RegExp, to: string): TemplateJson {
  const broken = text.replaceAll(from, to);
  expect(broken).not.toBe(text);
  return JSON.parse(broken);
}
const pipelineOf = (made: TemplateJson) =>
  Object.values(made.Resources ?? {}).find(({ Type }) => Type === 'AWS::CodePipeline::Pipeline')?.Properties;

describe('the pipeline', () => {
  it('deploys the waves of the plan in their order, from templates made once, into the accounts of the configuration', () => {
    expect(waves).toEqual(waveKinds.filter((kind) => kind !== 'names'));
    expect(pipelineFaults(template, expected)).toEqual([]);
  });

  it('lets one run after the other, and begins none by itself when it is changed', () => {
    expect(pipelineOf(template)).toMatchObject({
      PipelineType: 'V2',
      ExecutionMode: 'QUEUED',
      RestartExecutionOnUpdate: false,
    });
    // Two deploying builds at once are refused by CodeBuild too.
    expect(text.match(/"ConcurrentBuildLimit":1/g)).toHaveLength(1);
  });

  it('names neither itself nor what could change a pipeline in any policy or command', () => {
    expect(text.match(/"codepipeline:|cdk deploy|cloudformation:/g)).toBeNull();
  });

  it('asks somebody before the waves that are named, and takes a repository as source', () => {
    const arn = 'arn:aws:codeconnections:us-east-1:111111111111:connection/1c72e9ec';
    const made = templateOf({
      connection: { arn, repository: 'acme/spillway', startOnPush: true },
      approvals: ['all-others'],
    });
    const stages = pipelineOf(made)?.Stages as {
      Name: string;
      Actions: { Name: string; Configuration?: object }[];
    }[];
    const asking = stages.filter(({ Actions }) => Actions.some(({ Name }) => Name === 'Approve'));
    expect(asking.map(({ Name }) => Name)).toEqual(['all-others']);
    expect(stages[0]?.Actions[0]?.Configuration).toEqual({
      ConnectionArn: arn,
      FullRepositoryId: 'acme/spillway',
      BranchName: 'main',
      DetectChanges: true,
    });
    expect(JSON.stringify(made)).toContain('codeconnections:UseConnection');
    expect(pipelineFaults(made, expected)).toEqual([]);
  });

  it('makes templates with what the command line said, after tests where these are asked for, and of one plan', () => {
    const asked = { archive, runTests: true, firstRegion: 'us-east-1', configFile: 'deploy/acme.config.ts' };
    const made = JSON.stringify(templateOf(asked, { organization: 'o-acme123456', gatewayConcurrency: 40 }));
    expect(made).toContain(
      'npx cdk synth -q -o assembly -c organization=o-acme123456 -c gatewayConcurrency=40 -c config=deploy/acme.config.ts',
    );
    expect(made.indexOf('npm test')).toBeLessThan(made.indexOf('npx cdk synth'));
    const plans = made.match(/--config deploy\/acme.config.ts --assembly assembly --first us-east-1/g);
    expect(plans).toHaveLength(2);
    expect(text).not.toContain('npm test');
  });

  it('refuses a first region that has no stacks', () => {
    expect(() => templateOf({ archive, firstRegion: 'sa-east-1' })).toThrow(
      'pipeline.firstRegion: no stack stands in sa-east-1; the regions are eu-central-1, eu-west-1, us-east-1',
    );
  });

  it('refuses an approval before a wave that there is not, so that nobody counts on being asked', () => {
    expect(() => templateOf({ archive, approvals: ['state', 'names'] })).toThrow(
      /^pipeline\.approvals\[1\]: this deployment has no wave "names"; it has .*state, control, one-region/,
    );
  });
});

describe('a pipeline that is broken on purpose fails by name', () => {
  it('where its waves are out of order', () => {
    const swapped: TemplateJson = JSON.parse(
      text
        .replace('"Name":"state"', '"Name":"held"')
        .replace('"Name":"control"', '"Name":"state"')
        .replace('"Name":"held"', '"Name":"control"'),
    );
    expect(pipelineFaults(swapped, expected)).toEqual([
      'waves are out of order: keys,control,state,one-region,one-per-geography,all-others for keys,state,control,one-region,one-per-geography,all-others',
      'stage control deploys state',
      'stage state deploys control',
    ]);
  });

  it('where its role may become a role outside of the configuration, or another of an account inside', () => {
    const stranger = 'arn:aws:iam::444444444444:role/cdk-hnb659fds-deploy-role-444444444444-*';
    const known = 'arn:aws:iam::222222222222:role/cdk-hnb659fds-deploy-role-222222222222-*';
    expect(pipelineFaults(changed(known, stranger), expected)).toEqual([`a role may become ${stranger}`]);
    const admin = 'arn:aws:iam::222222222222:role/admin';
    expect(pipelineFaults(changed(known, admin), expected)).toEqual([`a role may become ${admin}`]);
    const executing = known.replace('deploy-role', 'cfn-exec-role');
    expect(pipelineFaults(changed(known, executing), expected)).toEqual([`a role may become ${executing}`]);
  });

  it('where it makes templates a second time', () => {
    const again = changed(
      'node bin/spillway.mjs deploy-waves',
      'npx cdk synth; node bin/spillway.mjs deploy-waves',
    );
    expect(pipelineFaults(again, expected)).toEqual([`a run makes templates ${2 + waves.length} times`]);
  });

  it('where a wave deploys something else than what was made', () => {
    const broken = changed('"InputArtifacts":[{"Name":"Assembly"}]', '"InputArtifacts":[{"Name":"Source"}]');
    expect(pipelineFaults(broken, expected)).toEqual(
      waves.map((wave) => `stage ${wave} deploys from Source`),
    );
  });
});
