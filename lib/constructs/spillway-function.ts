import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  type IGrantable,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { environmentNames } from '#contract/resources.ts';
import { logGroupName } from '../deployment-names.ts';
import { bundledConfigFile, functionCode, functionNodeOptions } from './function-bundling.ts';
import { acknowledgeFunctionFindings } from './function-findings.ts';
import { grantStandIn } from './function-network.ts';
import type { FunctionNetwork } from './gateway-network.ts';
import { accountKeyPolicy } from './key-policy.ts';

export interface SpillwayFunctionProps {
  /** The folder under `lambdas/` whose `handler.ts` is deployed. */
  readonly folder: string;
  /** Physical name of the function. */
  readonly functionName: string;
  /**
   * Physical name of its role: other accounts' policies name it before it exists.
   * @default - it runs under the role of `sharesRoleOf`
   */
  readonly roleName?: string;
  /**
   * The function whose life it leads under another trigger, and whose role it therefore has.
   * @default - it has a role of its own
   */
  readonly sharesRoleOf?: SpillwayFunction;
  readonly description: string;
  /** The checked configuration as JSON, without tenants' keys. */
  readonly configJson: string;
  /**
   * The web console's files lie beside its code.
   * @default false
   */
  readonly servesConsole?: boolean;
  /** The longest that one call may take. */
  readonly timeout: Duration;
  /**
   * Memory in MiB, 128 to 10,240. CPU grows with it.
   * @default 512
   */
  readonly memoryMebibytes?: number;
  /**
   * Executions kept for this function and at most allowed to it.
   * @default - none: it shares the account's concurrency
   */
  readonly reservedConcurrency?: number;
  /**
   * Variables that are secrets. With them the function's environment is encrypted under a key of its own, which Lambda
   * uses in the function's name before it starts.
   * @default - none: the environment is encrypted under a key of Lambda's
   */
  readonly secretEnvironment?: Readonly<Record<string, string>>;
  /**
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * A key of the function's own account and region for its log; its policy must let CloudWatch Logs use it.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
  /**
   * The VPC that it stands in.
   * @default - none: it reaches AWS's public services alone
   */
  readonly network?: FunctionNetwork;
  /**
   * Calls that failed for good go to a queue of the function's own. For functions that are called asynchronously.
   * @default false
   */
  readonly keepsFailedCalls?: boolean;
}

/**
 * A function of the product: one handler, one role that can do nothing but write its own log, one log group that
 * forgets. Whatever else it may do is granted where it is used.
 */
export class SpillwayFunction extends Construct implements IGrantable {
  readonly lambda: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  /** Undefined unless `keepsFailedCalls`. */
  readonly failedCalls: IQueue | undefined;
  readonly grantPrincipal: IPrincipal;

  constructor(scope: Construct, id: string, props: SpillwayFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupName(props.functionName),
      retention: props.logRetention ?? RetentionDays.ONE_MONTH,
      ...(props.logKey === undefined ? {} : { encryptionKey: props.logKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = props.sharesRoleOf?.role ?? createRole(this, props);
    this.role.addToPolicy(
      new PolicyStatement({
        sid: props.sharesRoleOf === undefined ? 'WriteOwnLog' : `WriteLogOf${id}`,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    if (props.network !== undefined) grantStandIn(this.role, id, functionArnOf(this, props.functionName));
    this.failedCalls = props.keepsFailedCalls === true ? createFailedCalls(this) : undefined;
    this.lambda = createLambda(this, props);
    this.grantPrincipal = this.role;
    acknowledgeFunctionFindings(this, props);
  }

  /**
   * Every call, failed ones among them.
   *
   * @param period @default - a minute
   */
  metricInvocations(period = Duration.minutes(1)): Metric {
    return this.lambda.metricInvocations({ period, statistic: 'Sum' });
  }

  /** Calls that ended in an error. For alarms. */
  metricErrors(): Metric {
    return this.lambda.metricErrors({ period: Duration.minutes(1) });
  }

  /** Calls refused for want of concurrency. For alarms. */
  metricThrottles(): Metric {
    return this.lambda.metricThrottles({ period: Duration.minutes(1) });
  }

  /** Calls that failed for good and wait for a person. Undefined for a function that keeps none. */
  metricFailedCallsWaiting(): Metric | undefined {
    return this.failedCalls?.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) });
  }
}

function createRole(scope: SpillwayFunction, { roleName, functionName }: SpillwayFunctionProps): Role {
  return new Role(scope, 'Role', {
    ...(roleName === undefined ? {} : { roleName }),
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `What ${functionName} may do`,
  });
}

function createFailedCalls(scope: SpillwayFunction): IQueue {
  return new Queue(scope, 'FailedCalls', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}

function createEnvironmentKey(owner: SpillwayFunction): Key {
  const key = new Key(owner, 'EnvironmentKey', {
    description: 'Secrets in the environment of a Spillway function',
    enableKeyRotation: true,
    policy: accountKeyPolicy(Stack.of(owner)),
    // It protects nothing but the function's own settings, which go with the function.
    removalPolicy: RemovalPolicy.DESTROY,
  });
  key.grantDecrypt(owner.role);
  return key;
}

function createLambda(owner: SpillwayFunction, props: SpillwayFunctionProps): LambdaFunction {
  const { failedCalls } = owner;
  return new LambdaFunction(owner, 'Function', {
    functionName: props.functionName,
    description: props.description,
    code: functionCode(owner, props),
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    environment: {
      [environmentNames.config]: bundledConfigFile,
      [environmentNames.account]: Stack.of(owner).account,
      NODE_OPTIONS: functionNodeOptions.join(' '),
      ...props.secretEnvironment,
    },
    ...(props.secretEnvironment === undefined ? {} : { environmentEncryption: createEnvironmentKey(owner) }),
    memorySize: props.memoryMebibytes ?? 512,
    timeout: props.timeout,
    role: owner.role,
    logGroup: owner.logGroup,
    ...(props.reservedConcurrency === undefined
      ? {}
      : { reservedConcurrentExecutions: props.reservedConcurrency }),
    ...(props.network === undefined ? {} : placedIn(props.network)),
    // A run that failed is not repeated: the next one starts soon and sees newer facts.
    ...(failedCalls === undefined ? {} : { deadLetterQueue: failedCalls, retryAttempts: 0 }),
  });
}

const placedIn = ({ vpc, subnets, securityGroups }: FunctionNetwork) => ({
  vpc,
  vpcSubnets: { subnets: [...subnets] },
  securityGroups: [...securityGroups],
});

/** By its name: what the role may do must stand before the function does. */
const functionArnOf = (scope: Construct, functionName: string): string => {
  const { account, region } = Stack.of(scope);
  return `arn:aws:lambda:${region}:${account}:function:${functionName}`;
};
