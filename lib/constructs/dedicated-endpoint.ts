import { type IResource, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import type { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable, type Role } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { CfnEndpoint, CfnEndpointConfig, CfnInferenceComponent } from 'aws-cdk-lib/aws-sagemaker';
import type { Construct } from 'constructs';
import type { Deployment } from '#core/dedicated/deployment.ts';
import { judgeDeployment, type SoundDeployment } from '#core/dedicated/judge-deployment.ts';
import type { EngineFacts } from '#core/kv/described-engine.ts';
import { arnsOfEndpoint } from '../permissions/dedicated-arns.ts';
import { acknowledge } from './acknowledge.ts';
import { checkComponentRegion } from './dedicated/component-regions.ts';
import { lmiImage } from './dedicated/container-image.ts';
import type { ContainerNetwork } from './dedicated/container-network.ts';
import { CopyScaling } from './dedicated/copy-scaling.ts';
import { createModel } from './dedicated/create-model.ts';
import { concurrentRequestsMetric, noCapacityFailuresMetric } from './dedicated/endpoint-metrics.ts';
import { ExecutionRole } from './dedicated/execution-role.ts';
import { productionVariant, VARIANT_NAME } from './dedicated/production-variant.ts';

/** The most that SageMaker takes: a slow start is better than one that was given up. */
const START_TIMEOUT_SECONDS = 3_600;

const MEBIBYTES_PER_GIB = 1_024;

/** A SageMaker endpoint with one inference component, made here or before. */
export interface IDedicatedEndpoint extends IResource {
  readonly endpointName: string;
  readonly componentName: string;
  /** Lets somebody send requests, plain and streamed. */
  grantInvoke(grantee: IGrantable): Grant;
  /** Requests in flight on each copy, every ten seconds. */
  metricConcurrentRequestsPerCopy(): Metric;
  /** Calls a minute that found no copy. */
  metricNoCapacityInvocationFailures(): Metric;
}

export interface DedicatedEndpointProps {
  /** What to deploy, in the stack's region. */
  readonly deployment: Deployment;
  /** What is known of models and instance types. */
  readonly facts: EngineFacts;
  /**
   * The logical model whose reserved cache a gateway measures in the same account and region: copies follow it by
   * `deployment.targetKvShare`.
   * @default - copies follow requests in flight alone
   */
  readonly measuredModel?: string;
  /**
   * Subnets and security groups of the containers.
   * @default - a network of SageMaker's
   */
  readonly network?: ContainerNetwork;
  /**
   * URI of the LMI container in ECR, with its tag or digest.
   * @default - AWS's own in the region
   */
  readonly image?: string;
  /**
   * Driver and CUDA of the hosts, as SageMaker names its inference AMIs.
   * @default - SageMaker's
   */
  readonly amiVersion?: string;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
}

abstract class DedicatedEndpointBase extends Resource implements IDedicatedEndpoint {
  abstract readonly endpointName: string;
  abstract readonly componentName: string;

  grantInvoke(grantee: IGrantable): Grant {
    const { account, region } = Stack.of(this);
    const names = { account, region, endpoint: this.endpointName, component: this.componentName };
    return Grant.addToPrincipal({
      grantee,
      actions: ['sagemaker:InvokeEndpoint', 'sagemaker:InvokeEndpointWithResponseStream'],
      resourceArns: [...arnsOfEndpoint(names)],
    });
  }

  metricConcurrentRequestsPerCopy(): Metric {
    return concurrentRequestsMetric(this.componentName);
  }

  metricNoCapacityInvocationFailures(): Metric {
    return noCapacityFailuresMetric(this.componentName);
  }
}

/**
 * A model on GPUs of one's own: an LMI container with vLLM as the inference component of an endpoint, with copies that
 * follow its traffic, down to none where it may sleep.
 *
 * The gateway's limit of requests and the engine's are the same number, and the cache was reckoned to hold the longest
 * request: a deployment that contradicts itself makes no template.
 */
export class DedicatedEndpoint extends DedicatedEndpointBase {
  /** An endpoint that exists, in the stack's account and region. */
  static fromEndpointName(
    scope: Construct,
    id: string,
    names: { readonly endpointName: string; readonly componentName: string },
  ): IDedicatedEndpoint {
    class Existing extends DedicatedEndpointBase {
      readonly endpointName = names.endpointName;
      readonly componentName = names.componentName;
    }
    return new Existing(scope, id);
  }

  readonly endpointName: string;
  readonly componentName: string;
  /** What SageMaker may do to start copies. */
  readonly executionRole: Role;
  /** Set off by calls that find no copy, and starts one. Undefined where one always runs. */
  readonly wakeAlarm: Alarm | undefined;

  /** @throws RangeError naming every contradiction of the deployment, or a region that cannot host it. */
  constructor(scope: Construct, id: string, props: DedicatedEndpointProps) {
    const deployment = soundDeployment(props);
    super(scope, id);
    const { endpoint, component } = deployment;
    this.endpointName = endpoint;
    this.componentName = component;
    const image = props.image ?? lmiImage(deployment.region);
    const { network } = props;
    const logGroups = [
      this.createLog('EndpointLog', `/aws/sagemaker/Endpoints/${endpoint}`, props),
      this.createLog('CopiesLog', `/aws/sagemaker/InferenceComponents/${component}`, props),
    ];
    this.executionRole = new ExecutionRole(this, 'Execution', {
      deployment,
      image,
      logGroups,
      ...(network === undefined ? {} : { network }),
    }).role;
    const hosted = this.createEndpoint(deployment, props);
    const model = createModel(this, { deployment, image, role: this.executionRole });
    const copies = this.createComponent(deployment, { endpoint: hosted, modelName: model.attrModelName });
    const { measuredModel } = props;
    const scaling = new CopyScaling(this, 'Copies', {
      deployment,
      noCapacityFailures: this.metricNoCapacityInvocationFailures(),
      ...(measuredModel === undefined ? {} : { measuredModel }),
    });
    scaling.node.addDependency(copies);
    this.wakeAlarm = scaling.wakeAlarm;
  }

  private createLog(id: string, logGroupName: string, { logRetention }: DedicatedEndpointProps): LogGroup {
    const log = new LogGroup(this, id, {
      logGroupName,
      retention: logRetention ?? RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(log, {
      'NIST.800.53.R5-CloudWatchLogGroupEncrypted':
        'CloudWatch encrypts it with a key of its own; the serving engine logs loads, sizes and errors, and prompts only where somebody tells it to.',
    });
    return log;
  }

  private createEndpoint(deployment: SoundDeployment, props: DedicatedEndpointProps): CfnEndpoint {
    const { network } = props;
    const config = new CfnEndpointConfig(this, 'Config', {
      executionRoleArn: this.executionRole.roleArn,
      // Weights from a bucket are laid into the container: it has nobody to call.
      enableNetworkIsolation: deployment.weights.from === 's3',
      ...(network === undefined
        ? {}
        : { vpcConfig: { subnets: [...network.subnets], securityGroupIds: [...network.securityGroups] } }),
      productionVariants: [productionVariant(deployment, props.amiVersion)],
    });
    config.node.addDependency(this.executionRole);
    acknowledge(config, {
      'NIST.800.53.R5-SageMakerEndpointConfigurationKMSKeyConfigured':
        'The instances keep models on local NVMe disks, which the hardware encrypts with keys that never leave it; SageMaker takes no key for them.',
    });
    return new CfnEndpoint(this, 'Endpoint', {
      endpointName: deployment.endpoint,
      endpointConfigName: config.attrEndpointConfigName,
    });
  }

  private createComponent(
    deployment: SoundDeployment,
    { endpoint, modelName }: { readonly endpoint: CfnEndpoint; readonly modelName: string },
  ): CfnInferenceComponent {
    const { layout, memoryGiBPerCopy, cpuCoresPerCopy } = deployment;
    return new CfnInferenceComponent(this, 'Component', {
      inferenceComponentName: deployment.component,
      endpointName: endpoint.attrEndpointName,
      variantName: VARIANT_NAME,
      specification: {
        modelName,
        // Image and weights stay on an instance: the next copy there has nothing to fetch.
        dataCacheConfig: { enableCaching: true },
        startupParameters: {
          containerStartupHealthCheckTimeoutInSeconds: START_TIMEOUT_SECONDS,
          modelDataDownloadTimeoutInSeconds: START_TIMEOUT_SECONDS,
        },
        computeResourceRequirements: {
          numberOfAcceleratorDevicesRequired: layout.gpus,
          minMemoryRequiredInMb: memoryGiBPerCopy * MEBIBYTES_PER_GIB,
          ...(cpuCoresPerCopy === undefined ? {} : { numberOfCpuCoresRequired: cpuCoresPerCopy }),
        },
      },
      runtimeConfig: { copyCount: deployment.copies },
    });
  }
}

function soundDeployment({ deployment, facts }: DedicatedEndpointProps): SoundDeployment {
  const judgement = judgeDeployment(deployment, facts);
  if (judgement.kind === 'contradictory') {
    const lines = judgement.contradictions.map(({ member, message }) => `${member}: ${message}`);
    throw new RangeError(`endpoint ${deployment.endpoint}\n${lines.join('\n')}`);
  }
  checkComponentRegion(deployment.region, deployment.endpoint);
  return judgement.deployment;
}
