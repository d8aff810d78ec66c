import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AccessLogField,
  AccessLogFormat,
  AuthorizationType,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  MethodLoggingLevel,
  ResponseTransferMode,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AccountPrincipal, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupName } from '../deployment-names.ts';
import { acknowledge } from './acknowledge.ts';

export interface FrontDoorProps {
  readonly apiName: string;
  /** Answers every path and method, as a stream. */
  readonly handler: IFunction;
  /** The longest that an answer may take, at most 15 minutes. */
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
  /**
   * For the access log: a key of the same account and region, which CloudWatch Logs may use.
   * @default - a key of CloudWatch's own
   */
  readonly logKey?: IKey;
  /**
   * ARNs of the IAM roles and users that may call, whose AWS signature is checked at every path then.
   * @default - none: the function checks keys and tokens, and nothing has to be signed
   */
  readonly signedBy?: readonly string[];
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
      logGroupName: logGroupName(`${props.apiName}-access`),
      retention: props.logRetention,
      ...(props.logKey === undefined ? {} : { encryptionKey: props.logKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.api = new RestApi(this, 'Api', {
      restApiName: props.apiName,
      description: 'Gateway to models, in the wire formats of OpenAI, Anthropic and Bedrock',
      endpointTypes: [EndpointType.REGIONAL],
      ...(props.signedBy === undefined ? {} : { policy: callersPolicy(props.signedBy) }),
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
    acknowledgeFindings(this, props.signedBy !== undefined);
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
    const options = props.signedBy === undefined ? {} : { authorizationType: AuthorizationType.IAM };
    this.api.root.addMethod('ANY', integration, options);
    this.api.root.addResource('{proxy+}').addMethod('ANY', integration, options);
  }
}

/**
 * A caller of another account needs this side and its own account's; for one of the same account this side alone is
 * enough. By condition, not as principals of the policy: a role need not exist yet, and one that is made again under its
 * name is let in again.
 */
function callersPolicy(arns: readonly string[]): PolicyDocument {
  const accounts = [...new Set(arns.map((arn) => arn.split(':')[4] ?? ''))].sort();
  const statements = accounts.map((account) => {
    const own = arns.filter((arn) => arn.split(':')[4] === account);
    return new PolicyStatement({
      sid: `Callers${account}`,
      principals: [new AccountPrincipal(account)],
      actions: ['execute-api:Invoke'],
      resources: ['execute-api:/*'],
      conditions: { ArnEquals: { 'aws:PrincipalArn': [...new Set(own)].sort() } },
    });
  });
  return new PolicyDocument({ statements });
}

function acknowledgeFindings(door: FrontDoor, signed: boolean): void {
  const identity = signed
    ? {
        'AwsSolutions-COG4':
          'Callers are programs that sign with IAM, which API Gateway checks at every method; there is no user pool.',
      }
    : {
        'AwsSolutions-APIG4':
          'The function authenticates each request by its API key and answers 401 in the caller’s wire format.',
        'AwsSolutions-COG4': 'Callers are programs with API keys of a tenant, not people of a user pool.',
      };
  acknowledge(door.api.deploymentStage, {
    'NIST.800.53.R5-APIGWAssociatedWithWAF':
      'A web ACL is the account owner’s to choose; keys, sizes and shapes are checked in the function before anything is called.',
    'NIST.800.53.R5-APIGWCacheEnabledAndEncrypted':
      'No two answers are alike and none may be given to another caller: nothing is ever cached.',
    'NIST.800.53.R5-APIGWSSLEnabled':
      'Behind it stands a function, which only this API may call under IAM; a client certificate is for backends that listen on HTTP.',
    'Serverless-APIGWDefaultThrottling':
      'Each tenant has limits of its own, which the function keeps; one number for all callers would let one of them use it up.',
    'Serverless-APIGWXrayEnabled':
      'The access log has each request’s latency and the integration’s; a trace would add what the function’s own log says.',
  });
  acknowledge(door, {
    ...identity,
    'AwsSolutions-APIG2':
      'The function checks every body itself and answers in the caller’s own wire format; a model of the platform would answer in another.',
    'AwsSolutions-APIG3':
      'A web ACL is the account owner’s to choose; keys, sizes and shapes are checked in the function before anything is called.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The one policy that API Gateway accepts for its account-wide log role; it grants no more than writing logs.',
  });
}
