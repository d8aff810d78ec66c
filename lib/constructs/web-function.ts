import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { CfnWebFunction, CfnWebFunctionEndpoint, CfnWebFunctionRevision } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';
import { environmentNames } from '#contract/resources.ts';
import { logGroupName } from '../deployment-names.ts';
import { acknowledge } from './acknowledge.ts';
import { bundledConfigFile, functionAsset } from './function-bundling.ts';
import { accountKeyPolicy } from './key-policy.ts';

/** A version of the code and the share of requests that it answers. */
export interface WebRelease {
  /** Its archive is `releases/<name>.zip` in the bucket of the web function. */
  readonly name: string;
  /** The version that S3 gave the archive. */
  readonly version: string;
  /** Requests of a hundred that it answers, 0 to 100; those of all releases are 100 together. */
  readonly weight: number;
}

export interface WebFunctionProps {
  readonly functionName: string;
  /** Under which it runs: that of the gateway's function. */
  readonly role: Role;
  /** The checked configuration as JSON, without tenants' keys. */
  readonly configJson: string;
  /**
   * The web console's files lie beside its code.
   * @default false
   */
  readonly servesConsole?: boolean;
  /** Variables that are secrets, encrypted under a key of its own. */
  readonly secretEnvironment: Readonly<Record<string, string>>;
  /** The longest that an answer may take, 3 seconds to 15 minutes. */
  readonly timeout: Duration;
  /** None: the bucket for their archives is made, and no endpoint yet. */
  readonly releases: readonly WebRelease[];
  /**
   * Requests that one environment is sent at a time, 1 to 128.
   * @default 64
   */
  readonly requestsPerEnvironment?: number;
  /**
   * Environments that run at most, from 2. One request more is refused at once.
   * @default - as many as the account's quota allows
   */
  readonly environmentsMax?: number;
  readonly logRetention: RetentionDays;
  /**
   * For the log: a key of the same account and region, which CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
}

const RELEASES = 'releases';

/**
 * The gateway as a Web Function: environments that are sent many requests at a time, and revisions that share the traffic
 * by weight. Callers show keys; nobody checks signatures before it.
 *
 * Its code lies in a bucket of its own, whose versions Lambda reads at each start. CloudFormation cannot bring it there
 * without a function that does: whoever deploys copies the archive of `bundle`.
 */
export class GatewayWebFunction extends Construct {
  readonly codeBucket: Bucket;
  /** What is to be copied for the next release. */
  readonly bundle: Asset;
  readonly logGroup: LogGroup;
  /** The name that AWS gives. Undefined while there is no release. */
  readonly domainName: string | undefined;

  constructor(scope: Construct, id: string, props: WebFunctionProps) {
    super(scope, id);
    this.bundle = functionAsset(this, { ...props, folder: 'serve' });
    this.codeBucket = this.#createBucket(props);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: logGroupName(props.functionName),
      retention: props.logRetention,
      ...(props.logKey === undefined ? {} : { encryptionKey: props.logKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    props.role.addToPolicy(
      new PolicyStatement({
        sid: `WriteLogOf${id}`,
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    this.domainName = props.releases.length === 0 ? undefined : this.#release(props);
  }

  #release(props: WebFunctionProps): string {
    const webFunction = new CfnWebFunction(this, 'Function', { functionName: props.functionName });
    const key = this.#createEnvironmentKey(props);
    const revisionWeights = props.releases.map((release) => {
      const revision = this.#reviseTo(release, { props, key, functionName: webFunction.attrFunctionArn });
      return { revisionId: revision.attrRevisionId, weight: release.weight };
    });
    const { environmentsMax } = props;
    const endpoint = new CfnWebFunctionEndpoint(this, 'Endpoint', {
      functionName: webFunction.attrFunctionArn,
      endpointName: 'live',
      // In one region: behind an endpoint of several AWS chooses by distance, whatever the residency.
      endpointType: 'HomeRegion',
      authType: 'ApplicationManaged',
      revisionWeights,
      ...(environmentsMax === undefined ? {} : { scalingConfig: { maxEnvironments: environmentsMax } }),
    });
    return endpoint.attrDomainName;
  }

  #reviseTo(
    release: WebRelease,
    of: { readonly props: WebFunctionProps; readonly key: Key; readonly functionName: string },
  ): CfnWebFunctionRevision {
    const { props, key, functionName } = of;
    const revision = new CfnWebFunctionRevision(this, `Revision-${release.name}`, {
      functionName,
      description: release.name,
      kmsKeyArn: key.keyArn,
      buildConfig: {
        codeConfig: {
          s3Object: {
            bucket: this.codeBucket.bucketName,
            key: `${RELEASES}/${release.name}.zip`,
            versionId: release.version,
          },
        },
        runtimeConfig: { runtime: 'nodejs24.x' },
      },
      serviceConfig: {
        executionRoleArn: props.role.roleArn,
        timeoutSeconds: props.timeout.toSeconds(),
        maxConcurrencyPerEnvironment: props.requestsPerEnvironment ?? 64,
        telemetryConfig: { loggingConfig: { logGroup: this.logGroup.logGroupName } },
        environmentVariables: {
          AWS_LAMBDA_NODEJS_ENTRYPOINT: 'index.mjs',
          [environmentNames.config]: bundledConfigFile,
          [environmentNames.account]: Stack.of(this).account,
          ...props.secretEnvironment,
        },
      },
    });
    revision.node.addDependency(props.role, this.codeBucket);
    return revision;
  }

  #createBucket(props: WebFunctionProps): Bucket {
    const bucket = new Bucket(this, 'Code', {
      versioned: true,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'ReadReleases',
        principals: [new ServicePrincipal('lambda.amazonaws.com')],
        actions: ['s3:GetObject', 's3:GetObjectVersion'],
        resources: [bucket.arnForObjects(`${RELEASES}/*`)],
        conditions: fromRevisionsOf(this, props.functionName),
      }),
    );
    acknowledge(bucket, bucketReasons);
    return bucket;
  }

  #createEnvironmentKey({ functionName }: WebFunctionProps): Key {
    const key = new Key(this, 'EnvironmentKey', {
      description: 'Secrets in the environment of a Spillway web function',
      enableKeyRotation: true,
      policy: accountKeyPolicy(Stack.of(this)),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    key.addToResourcePolicy(
      new PolicyStatement({
        sid: 'UseForRevisions',
        principals: [new ServicePrincipal('lambda.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey'],
        // In the policy of a key this is the key itself.
        resources: ['*'],
        conditions: fromRevisionsOf(this, functionName),
      }),
    );
    return key;
  }
}

/** Lambda reads in nobody else's name. */
function fromRevisionsOf(scope: Construct, functionName: string) {
  const { account, region } = Stack.of(scope);
  return {
    StringEquals: { 'aws:SourceAccount': account },
    ArnLike: {
      'aws:SourceArn': `arn:aws:lambda:${region}:${account}:web-function/${functionName}/revision/*`,
    },
  };
}

const unlogged =
  'Holds our own code, which anybody may have; who reads it is Lambda, and its policy says so.';

const bucketReasons = {
  'AwsSolutions-S1': unlogged,
  'NIST.800.53.R5-S3BucketLoggingEnabled': unlogged,
  'NIST.800.53.R5-S3BucketReplicationEnabled':
    'Holds archives that each deployment makes anew; every region has a bucket of its own.',
  'NIST.800.53.R5-S3DefaultEncryptionKMS':
    'Holds no secret and no data of anybody’s; Lambda reads it at each start, which a key in between could stop.',
};
