import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { type PipelineConfig, pipelineSchema } from '#contract/pipeline.ts';
import { PipelineArtifacts } from '#lib/constructs/pipeline-artifacts.ts';
import { PipelineProject } from '#lib/constructs/pipeline-project.ts';
import { WavePipeline } from '#lib/constructs/wave-pipeline.ts';
import { built } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

const archive = { bucket: 'acme-sources', key: 'spillway.zip' };
const pipeline = (config: PipelineConfig) =>
  built((stack) => {
    const deployment = 'acme';
    const artifacts = new PipelineArtifacts(stack, 'Artifacts', { deployment });
    const common = {
      deployment,
      artifacts,
      description: 'Some',
      commands: ['true'],
      timeout: Duration.hours(1),
    };
    const build = new PipelineProject(stack, 'Build', { ...common, kind: 'build', handsOn: true });
    const deploy = new PipelineProject(stack, 'Deploy', { ...common, kind: 'deploy' });
    new WavePipeline(stack, 'Waves', {
      deployment,
      config,
      artifacts,
      build,
      deploy,
      waves: ['keys', 'state'],
    });
  });

const statementsOf = (template: ReturnType<typeof pipeline>, sid: string) =>
  identityStatements(template).filter(({ Sid }) => Sid === sid);

describe('WavePipeline', () => {
  it('has a stage for each wave behind source and templates', () => {
    const [made] = Object.values(
      pipeline(pipelineSchema.parse({ archive })).findResources('AWS::CodePipeline::Pipeline'),
    );
    const stages: readonly { readonly Name: string }[] = made?.Properties.Stages;
    expect(stages.map(({ Name }) => Name)).toEqual(['Source', 'Build', 'keys', 'state']);
  });

  it('starts its own two projects, and reads the one source that it has', () => {
    const template = pipeline(pipelineSchema.parse({ archive }));
    expect(statementsOf(template, 'StartBuilds')).toMatchObject([
      {
        Action: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
        Resource: ['build', 'deploy'].map(
          (kind) => `arn:aws:codebuild:us-east-1:111111111111:project/acme-waves-${kind}`,
        ),
      },
    ]);
    expect(statementsOf(template, 'ReadSource')[0]?.Resource).toEqual([
      'arn:aws:s3:::acme-sources/spillway.zip',
    ]);
    expect(statementsOf(template, 'UseConnection')).toEqual([]);
  });

  it('uses a connection by the name that its ARN gives the service', () => {
    for (const service of ['codeconnections', 'codestar-connections']) {
      const arn = `arn:aws:${service}:us-east-1:111111111111:connection/1c72e9ec`;
      const config = pipelineSchema.parse({ connection: { arn, repository: 'acme/spillway' } });
      const template = pipeline(config);
      expect(statementsOf(template, 'UseConnection')).toMatchObject([
        { Action: [`${service}:UseConnection`], Resource: [arn] },
      ]);
      expect(statementsOf(template, 'ReadSource')).toEqual([]);
    }
  });
});
