import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  IpAddresses,
  type ISecurityGroup,
  type ISubnet,
  type IVpc,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupName } from '../deployment-names.ts';
import { acknowledge } from './acknowledge.ts';

/** Where a function stands. */
export interface FunctionNetwork {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly securityGroups: readonly ISecurityGroup[];
}

export interface CreatedNetworkOptions {
  /**
   * Addresses of the VPC, a block of /16 to /24.
   * @default 10.40.0.0/16
   */
  readonly cidr?: string;
  /**
   * Ways out of the VPC, 0 to 2. With 0 nothing but endpoints is reached.
   * @default 2, one in each availability zone
   */
  readonly natGateways?: number;
}

export interface ExistingNetworkAttributes {
  readonly vpcId: string;
  /** Addresses of the VPC. */
  readonly cidr: string;
  /** Private subnets, in two availability zones or more. */
  readonly subnets: readonly {
    readonly id: string;
    readonly availabilityZone: string;
    readonly routeTableId: string;
  }[];
}

/** Where a network comes from: it is made, or it is there already. */
export abstract class NetworkSource {
  static create(options: CreatedNetworkOptions = {}): NetworkSource {
    return new CreatedNetwork(options);
  }

  static fromVpcAttributes(attributes: ExistingNetworkAttributes): NetworkSource {
    return new ExistingNetwork(attributes);
  }

  abstract vpcIn(network: GatewayNetwork, props: GatewayNetworkProps): IVpc;
}

export interface GatewayNetworkProps {
  readonly name: string;
  readonly source: NetworkSource;
  readonly logRetention: RetentionDays;
  /**
   * For the log of flows: a key of the same account and region, which CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
}

/** A VPC for the functions of a gateway: private subnets, and a group that lets calls out over TLS and nobody in. */
export class GatewayNetwork extends Construct implements FunctionNetwork {
  readonly vpc: IVpc;
  readonly subnets: readonly ISubnet[];
  readonly securityGroups: readonly ISecurityGroup[];

  constructor(scope: Construct, id: string, props: GatewayNetworkProps) {
    super(scope, id);
    this.vpc = props.source.vpcIn(this, props);
    const { privateSubnets, isolatedSubnets } = this.vpc;
    this.subnets = privateSubnets.length > 0 ? privateSubnets : isolatedSubnets;
    const functions = new SecurityGroup(this, 'Functions', {
      vpc: this.vpc,
      description: 'Functions of a Spillway gateway: out over TLS, nobody in',
      allowAllOutbound: false,
    });
    functions.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'Models, tables and issuers of tokens');
    this.securityGroups = [functions];
  }
}

class CreatedNetwork extends NetworkSource {
  readonly #options: CreatedNetworkOptions;

  constructor(options: CreatedNetworkOptions) {
    super();
    this.#options = options;
  }

  override vpcIn(network: GatewayNetwork, props: GatewayNetworkProps): IVpc {
    const { cidr = '10.40.0.0/16', natGateways = 2 } = this.#options;
    const open = natGateways > 0;
    const inside = open ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
    const vpc = new Vpc(network, 'Vpc', {
      vpcName: props.name,
      ipAddresses: IpAddresses.cidr(cidr),
      maxAzs: 2,
      natGateways,
      subnetConfiguration: [
        { name: 'Functions', subnetType: inside },
        ...(open ? [{ name: 'Out', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }] : []),
      ],
    });
    logFlows(network, vpc, props);
    acknowledge(vpc, {
      'NIST.800.53.R5-VPCDefaultSecurityGroupClosed':
        'Nothing stands in the default group; to empty it would take a custom resource with a function of its own.',
    });
    for (const subnet of vpc.publicSubnets)
      acknowledge(subnet, {
        'NIST.800.53.R5-VPCNoUnrestrictedRouteToIGW':
          'Holds a NAT gateway and nothing else, which takes no call from outside.',
      });
    // A class of CDK's own: its types say `| undefined` where those of the interface do not.
    return vpc as IVpc;
  }
}

/** Who spoke to whom and whether it was let through: addresses and sizes, never what was said. */
function logFlows(
  network: GatewayNetwork,
  vpc: Vpc,
  { name, logRetention, logKey }: GatewayNetworkProps,
): void {
  const group = new LogGroup(network, 'FlowLog', {
    logGroupName: logGroupName(`${name}-flows`),
    retention: logRetention,
    ...(logKey === undefined ? {} : { encryptionKey: logKey }),
    removalPolicy: RemovalPolicy.DESTROY,
  });
  vpc.addFlowLog('Flows', { destination: FlowLogDestination.toCloudWatchLogs(group) });
}

class ExistingNetwork extends NetworkSource {
  readonly #attributes: ExistingNetworkAttributes;

  constructor(attributes: ExistingNetworkAttributes) {
    super();
    this.#attributes = attributes;
  }

  override vpcIn(network: GatewayNetwork): IVpc {
    const { vpcId, cidr, subnets } = this.#attributes;
    return Vpc.fromVpcAttributes(network, 'Vpc', {
      vpcId,
      vpcCidrBlock: cidr,
      availabilityZones: subnets.map(({ availabilityZone }) => availabilityZone),
      privateSubnetIds: subnets.map(({ id }) => id),
      privateSubnetRouteTableIds: subnets.map(({ routeTableId }) => routeTableId),
    });
  }
}
