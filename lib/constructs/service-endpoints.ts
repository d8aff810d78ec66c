import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Port,
  SecurityGroup,
} from 'aws-cdk-lib/aws-ec2';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EndpointStatements } from '../permissions/endpoint-statements.ts';
import type { FunctionNetwork } from './gateway-network.ts';

export interface ServiceEndpointsProps {
  readonly network: FunctionNetwork;
  /** What each lets through; there is an endpoint for each statement. */
  readonly statements: EndpointStatements;
}

/**
 * Ways from a VPC to the services of its region that a gateway calls. Its logs are carried by Lambda and its secrets
 * opened by Lambda, outside of the VPC: there is none for CloudWatch Logs, KMS or Secrets Manager.
 */
export class ServiceEndpoints extends Construct {
  constructor(scope: Construct, id: string, props: ServiceEndpointsProps) {
    super(scope, id);
    const { network, statements } = props;
    const callers = new SecurityGroup(this, 'Callers', {
      vpc: network.vpc,
      description: 'Endpoints of a Spillway gateway: in from its functions over TLS',
      allowAllOutbound: false,
    });
    for (const group of network.securityGroups)
      callers.addIngressRule(group, Port.tcp(443), 'Functions of the gateway');
    const near = (service: string, at: InterfaceVpcEndpointAwsService, statement?: PolicyStatement) => {
      if (statement === undefined) return;
      const endpoint = new InterfaceVpcEndpoint(this, service, {
        vpc: network.vpc,
        service: at,
        subnets: { subnets: [...network.subnets] },
        securityGroups: [callers],
        open: false,
      });
      endpoint.addToPolicy(statement);
    };
    near('BedrockRuntime', InterfaceVpcEndpointAwsService.BEDROCK_RUNTIME, statements.bedrockRuntime);
    near('SageMakerRuntime', InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME, statements.sagemakerRuntime);
    near('Sts', InterfaceVpcEndpointAwsService.STS, statements.sts);
    near('Sqs', InterfaceVpcEndpointAwsService.SQS, statements.sqs);
    const onRoutes = (id: string, service: GatewayVpcEndpointAwsService, statement?: PolicyStatement) => {
      if (statement === undefined) return;
      const subnets = [{ subnets: [...network.subnets] }];
      new GatewayVpcEndpoint(this, id, { vpc: network.vpc, service, subnets }).addToPolicy(statement);
    };
    onRoutes('DynamoDb', GatewayVpcEndpointAwsService.DYNAMODB, statements.dynamodb);
    onRoutes('S3', GatewayVpcEndpointAwsService.S3, statements.s3);
  }
}
