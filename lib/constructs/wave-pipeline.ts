import { Stack } from 'aws-cdk-lib';
import { CfnPipeline } from 'aws-cdk-lib/aws-codepipeline';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PipelineConfig } from '#contract/pipeline.ts';
import { pipelineName, pipelineRoleName } from '../deployment-names.ts';
import type { PipelineArtifacts } from './pipeline-artifacts.ts';
import type { PipelineProject } from './pipeline-project.ts';

export interface WavePipelineProps {
  readonly deployment: string;
  readonly config: PipelineConfig;
  readonly artifacts: PipelineArtifacts;
  /** Makes the templates of all waves, once. */
  readonly build: PipelineProject;
  /** Deploys the wave that the variable `WAVE` names. */
  readonly deploy: PipelineProject;
  /** In their order; each has a stage. */
  readonly waves: readonly string[];
}

const SOURCE = 'Source';
const ASSEMBLY = 'Assembly';
const BY_AWS = { owner: 'AWS', version: '1' } as const;

type Action = CfnPipeline.ActionDeclarationProperty;

/**
 * Source, templates, then one stage for each wave, all of which deploy what was made once. Runs come one after the other, and
 * none changes the pipeline.
 */
export class WavePipeline extends Construct {
  constructor(scope: Construct, id: string, props: WavePipelineProps) {
    super(scope, id);
    const { deployment, config, artifacts, waves } = props;
    const { account, region } = Stack.of(this);
    const name = pipelineName(deployment);
    const role = new Role(this, 'Role', {
      roleName: pipelineRoleName({ deployment, kind: 'pipeline', region }),
      description: `What ${name} may do`,
      assumedBy: new ServicePrincipal('codepipeline.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:aws:codepipeline:${region}:${account}:${name}`,
          },
        },
      }),
    });
    artifacts.grantHandOn(role);
    for (const statement of statementsOf(props)) role.addToPolicy(new PolicyStatement(statement));
    const pipeline = new CfnPipeline(this, 'Pipeline', {
      name,
      pipelineType: 'V2',
      executionMode: 'QUEUED',
      roleArn: role.roleArn,
      restartExecutionOnUpdate: false,
      artifactStore: {
        type: 'S3',
        location: artifacts.bucket.bucketName,
        encryptionKey: { type: 'KMS', id: artifacts.key.keyArn },
      },
      stages: [
        { name: 'Source', actions: [sourceAction(config)] },
        { name: 'Build', actions: [buildAction(props.build)] },
        ...waves.map((wave) => ({ name: wave, actions: [...waveActions(props, wave)] })),
      ],
    });
    // It looks at its role when it is made.
    pipeline.node.addDependency(role);
  }
}

/** CodePipeline's minimum, by what it is for. */
function statementsOf({ config: { connection, archive }, artifacts, build, deploy }: WavePipelineProps) {
  const projects = [build, deploy].map(({ projectArn }) => projectArn);
  const start = {
    sid: 'StartBuilds',
    actions: ['codebuild:BatchGetBuilds', 'codebuild:StartBuild'],
    resources: projects,
  };
  const look = {
    sid: 'LookAtArtifacts',
    actions: ['s3:GetBucketVersioning'],
    resources: [artifacts.bucket.bucketArn],
  };
  const [, , service = ''] = connection?.arn.split(':') ?? [];
  const byConnection =
    connection === undefined
      ? []
      : [{ sid: 'UseConnection', actions: [`${service}:UseConnection`], resources: [connection.arn] }];
  const bucket = `arn:aws:s3:::${archive?.bucket}`;
  const byArchive =
    archive === undefined
      ? []
      : [
          {
            sid: 'ReadSource',
            actions: [
              's3:GetObject',
              's3:GetObjectTagging',
              's3:GetObjectVersion',
              's3:GetObjectVersionTagging',
            ],
            resources: [`${bucket}/${archive.key}`],
          },
          {
            sid: 'FindSource',
            actions: ['s3:GetBucketAcl', 's3:GetBucketLocation', 's3:GetBucketVersioning'],
            resources: [bucket],
          },
        ];
  return [start, look, ...byConnection, ...byArchive];
}

function sourceAction({ connection, archive }: PipelineConfig): Action {
  const common = { name: SOURCE, outputArtifacts: [{ name: SOURCE }], runOrder: 1 };
  if (connection !== undefined)
    return {
      ...common,
      actionTypeId: { ...BY_AWS, category: 'Source', provider: 'CodeStarSourceConnection' },
      configuration: {
        ConnectionArn: connection.arn,
        FullRepositoryId: connection.repository,
        BranchName: connection.branch,
        DetectChanges: connection.startOnPush,
      },
    };
  return {
    ...common,
    actionTypeId: { ...BY_AWS, category: 'Source', provider: 'S3' },
    configuration: { S3Bucket: archive?.bucket, S3ObjectKey: archive?.key, PollForSourceChanges: false },
  };
}

function buildAction(build: PipelineProject): Action {
  return {
    name: 'Synth',
    actionTypeId: { ...BY_AWS, category: 'Build', provider: 'CodeBuild' },
    configuration: { ProjectName: build.projectName },
    inputArtifacts: [{ name: SOURCE }],
    outputArtifacts: [{ name: ASSEMBLY }],
    runOrder: 1,
  };
}

function waveActions({ config, deploy }: WavePipelineProps, wave: string): readonly Action[] {
  const asked = config.approvals.some((name) => name === wave);
  const approve: Action = {
    name: 'Approve',
    actionTypeId: { ...BY_AWS, category: 'Approval', provider: 'Manual' },
    runOrder: 1,
  };
  const variables = [{ name: 'WAVE', value: wave, type: 'PLAINTEXT' }];
  const run: Action = {
    name: 'Deploy',
    actionTypeId: { ...BY_AWS, category: 'Build', provider: 'CodeBuild' },
    configuration: { ProjectName: deploy.projectName, EnvironmentVariables: JSON.stringify(variables) },
    inputArtifacts: [{ name: ASSEMBLY }],
    runOrder: 2,
  };
  return asked ? [approve, run] : [run];
}
