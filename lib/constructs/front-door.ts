import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

export interface FrontDoorProps {
  readonly apiName: string;
  /** Answers every path and method, as a stream. */
  readonly handler: IFunction;
  /** The longest that an answer may take, at most 15 minutes. */
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
}

/** Who called what, how it ended and how long it took: never a header, a query or a body. */
const accessLogFields = {
  at: AccessLogField.contextRequestTimeEpoch(),
  requestId: AccessLogField.contextRequestId(),
  method: AccessLogField.contextHttpMethod(),
  path: AccessLogField.contextPath(),
  status: AccessLogField.contextStatus(),
  responseBytes: AccessLogField.contextResponseLength(),
  latencyMs: AccessLogField.contextResponseLatency(),
  integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
};

/**
 * A regional REST API that passes everything to one function and streams what it answers.
 *
 * Regional, never edge-optimised: an edge location may lie in another jurisdiction than the gateway.
 */
export class FrontDoor extends Construct {
  readonly api: RestApi;

  constructor(scope: Construct, id: string, props: FrontDoorProps) {
    super(scope, id);
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/spillway/${props.apiName}-access`,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: props.apiName,
      description: 'Gateway to models, in the wire formats of OpenAI, Anthropic and Bedrock',
      endpointTypes: [EndpointType.REGIONAL],
      cloudWatchRole: true,
      cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN,
      deployOptions: {
        stageName: 'live',
        loggingLevel: MethodLoggingLevel.ERROR,
        // Would write prompts and answers into the log.
        dataTraceEnabled: false,
        metricsEnabled: true,
        accessLogDestination: new LogGroupLogDestination(accessLog),
        accessLogFormat: AccessLogFormat.custom(JSON.stringify(accessLogFields)),
      },
    });
    this.addRoutes(props);
    acknowledgeFindings(this);
  }

  /** Answers of the platform's own making or a failed function: 5xx as the caller sees them. For alarms. */
  metricServerErrors(): Metric {
    return this.api.metricServerError({ period: Duration.minutes(1) });
  }

  private addRoutes(props: FrontDoorProps): void {
    const integration = new LambdaIntegration(props.handler, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: props.timeout,
      allowTestInvoke: false,
    });
    this.api.root.addMethod('ANY', integration);
    this.api.root.addResource('{proxy+}').addMethod('ANY', integration);
  }
}

function acknowledgeFindings(door: FrontDoor): void {
  acknowledge(door, {
    'AwsSolutions-APIG2':
      'The function checks every body itself and answers in the caller’s own wire format; a model of the platform would answer in another.',
    'AwsSolutions-APIG3':
      'A web ACL is the account owner’s to choose; keys, sizes and shapes are checked in the function before anything is called.',
    'AwsSolutions-APIG4':
      'The function authenticates each request by its API key and answers 401 in the caller’s wire format.',
    'AwsSolutions-COG4': 'Callers are programs with API keys of a tenant, not people of a user pool.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The one policy that API Gateway accepts for its account-wide log role; it grants no more than writing logs.',
  });
}
