import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BuildSpec,
  PipelineProject as CodeBuildProject,
  ComputeType,
  LinuxBuildImage,
} from 'aws-cdk-lib/aws-codebuild';
import {
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { buildProjectName, logGroupName, pipelineRoleName } from '../deployment-names.ts';
import type { PipelineArtifacts } from './pipeline-artifacts.ts';

export interface PipelineProjectProps {
  readonly deployment: string;
  readonly kind: 'build' | 'deploy';
  readonly description: string;
  readonly artifacts: PipelineArtifacts;
  /** Commands of a shell, one after the other; the first that fails ends the build. */
  readonly commands: readonly string[];
  /** Variables that the commands read. @default - none of its own */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * True where all of its folder but installed packages is handed on.
   * @default false
   */
  readonly handsOn?: boolean;
  /** How long one build may take, at most 8 hours. */
  readonly timeout: Duration;
  /**
   * Builds at the same time; more are refused.
   * @default - as many as the account may
   */
  readonly buildsMax?: number;
}

/** From the lock file, as `bin/install.mjs` does: no package runs anything of its own when it is installed. */
const INSTALL = 'npm ci --include=dev --include=optional --ignore-scripts --no-audit --no-fund';

/** Starts what brings its own Node 24 along. */
const NODE_MAJOR = '22';

/** A project of CodeBuild that the pipeline starts: one role that can do nothing but write its log and use what is handed on. */
export class PipelineProject extends Construct implements IGrantable {
  readonly projectName: string;
  readonly projectArn: string;
  readonly role: Role;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: PipelineProjectProps) {
    super(scope, id);
    const { deployment, kind, artifacts } = props;
    const { account, region } = Stack.of(this);
    this.projectName = buildProjectName(deployment, kind);
    this.projectArn = `arn:aws:codebuild:${region}:${account}:project/${this.projectName}`;
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupName(this.projectName),
      retention: RetentionDays.THREE_MONTHS,
      encryptionKey: artifacts.key,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', {
      roleName: pipelineRoleName({ deployment, kind, region }),
      description: `What ${this.projectName} may do`,
      assumedBy: new ServicePrincipal('codebuild.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': this.projectArn } },
      }),
    });
    this.grantPrincipal = this.role;
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteOwnLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );
    if (props.handsOn === true) artifacts.grantHandOn(this);
    else artifacts.grantTake(this);
    createProject(this, props, logGroup);
  }
}

function createProject(owner: PipelineProject, props: PipelineProjectProps, logGroup: LogGroup): void {
  const { description, commands, variables = {}, handsOn = false, timeout, buildsMax, artifacts } = props;
  const project = new CodeBuildProject(owner, 'Project', {
    projectName: owner.projectName,
    description,
    // What it may do is written above, action by action; CDK would add patterns.
    role: owner.role.withoutPolicyUpdates(),
    encryptionKey: artifacts.key,
    environment: {
      buildImage: LinuxBuildImage.fromCodeBuildImageId('aws/codebuild/amazonlinux-x86_64-standard:5.0'),
      computeType: ComputeType.MEDIUM,
    },
    environmentVariables: Object.fromEntries(
      Object.entries({ CDK_DISABLE_CLI_TELEMETRY: 'true', ...variables }).map(([name, value]) => [
        name,
        { value },
      ]),
    ),
    buildSpec: BuildSpec.fromObject({
      version: '0.2',
      phases: {
        install: { 'runtime-versions': { nodejs: NODE_MAJOR }, commands: [INSTALL] },
        build: { commands: [...commands] },
      },
      ...(handsOn ? { artifacts: { files: ['**/*'], 'exclude-paths': ['node_modules/**/*'] } } : {}),
    }),
    logging: { cloudWatch: { logGroup } },
    grantReportGroupPermissions: false,
    timeout,
    ...(buildsMax === undefined ? {} : { concurrentBuildLimit: buildsMax }),
  });
  // Its service checks the role when the project is made.
  project.node.addDependency(owner.role);
}
