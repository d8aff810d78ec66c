import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { PipelineArtifacts } from '#lib/constructs/pipeline-artifacts.ts';
import { PipelineProject, type PipelineProjectProps } from '#lib/constructs/pipeline-project.ts';
import { built } from '#test/lib/built.ts';
import { identityStatements } from '#test/lib/synthesized.ts';

const project = (props: Partial<PipelineProjectProps> = {}) =>
  built((stack) => {
    const artifacts = new PipelineArtifacts(stack, 'Artifacts', { deployment: 'acme' });
    new PipelineProject(stack, 'Project', {
      deployment: 'acme',
      kind: 'deploy',
      description: 'Deploys',
      artifacts,
      commands: ['echo one', 'echo two'],
      timeout: Duration.hours(1),
      ...props,
    });
  });

const sids = (template: ReturnType<typeof project>) => identityStatements(template).map(({ Sid }) => Sid);

describe('PipelineProject', () => {
  it('installs from the lock file, where no package runs anything, and then runs its commands', () => {
    const [properties] = Object.values(project().findResources('AWS::CodeBuild::Project'));
    const { phases, artifacts } = JSON.parse(properties?.Properties.Source.BuildSpec);
    expect(phases.install.commands).toEqual([expect.stringMatching(/^npm ci .*--ignore-scripts/)]);
    expect(phases.build.commands).toEqual(['echo one', 'echo two']);
    expect(artifacts).toBeUndefined();
  });

  it('may do nothing but write its log and take what was handed on, action by action', () => {
    const template = project();
    expect(sids(template).sort()).toEqual([
      'FindArtifacts',
      'TakeArtifacts',
      'UseArtifactKey',
      'WriteOwnLog',
    ]);
    const actions = identityStatements(template).flatMap(({ Action }) => Action);
    expect(actions.filter((action) => action.includes('*') || action.startsWith('s3:Put'))).toEqual([]);
  });

  it('hands on its folder without installed packages where it is asked to', () => {
    const template = project({ handsOn: true, kind: 'build' });
    expect(sids(template)).toContain('HandOnArtifacts');
    const [properties] = Object.values(template.findResources('AWS::CodeBuild::Project'));
    const { artifacts } = JSON.parse(properties?.Properties.Source.BuildSpec);
    expect(artifacts).toEqual({ files: ['**/*'], 'exclude-paths': ['node_modules/**/*'] });
  });

  it('has a role for CodeBuild in the name of this project alone', () => {
    project().hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'acme-deploy-us-east-1',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Principal: { Service: 'codebuild.amazonaws.com' },
            Condition: {
              StringEquals: {
                'aws:SourceAccount': '111111111111',
                'aws:SourceArn': 'arn:aws:codebuild:us-east-1:111111111111:project/acme-waves-deploy',
              },
            },
          },
        ],
      },
    });
  });
});
