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
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnyPrincipal, Grant, type IGrantable, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { logGroupName } from '../deployment-names.ts';
import { callerStatements } from './callers-policy.ts';
import type { IDoor } from './door.ts';
import { Firewall } from './firewall.ts';
import { frontDoorAnswers, frontDoorBody, frontDoorHeaders } from './front-door-answers.ts';
import { GatewayNames, type GatewayNamesAttributes } from './gateway-names.ts';
import { acknowledgeOpenMethod, acknowledgeRestDoorFindings } from './rest-door-findings.ts';

export interface RestDoorProps {
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
  /**
   * Names of one's own. With them the API answers to no other, and says by `/readyz` to everybody whether it is ready.
   * @default - the name that AWS gives
   */
  readonly names?: GatewayNamesAttributes;
  /**
   * A web ACL before it.
   * @default - none
   */
  readonly firewall?: {
    /** Requests that one IP address may send in five minutes, 10 to 2,000,000,000. */
    readonly requestsPerAddressMax: number;
  };
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
export class RestDoor extends Construct implements IDoor {
  readonly api: RestApi;
  /** Undefined without a web ACL. */
  readonly firewall: Firewall | undefined;
  readonly #ownName: string | undefined;

  constructor(scope: Construct, id: string, props: RestDoorProps) {
    super(scope, id);
    this.#ownName = props.names?.ownName;
    this.api = this.#createApi(props);
    this.#addRoutes(props);
    this.#addAnswers();
    if (props.names !== undefined) new GatewayNames(this, 'Names', { ...props.names, api: this.api });
    this.firewall =
      props.firewall === undefined
        ? undefined
        : new Firewall(this, 'Firewall', {
            ...props.firewall,
            name: props.apiName,
            stageArn: this.api.deploymentStage.stageArn,
            logRetention: props.logRetention,
          });
    acknowledgeRestDoorFindings(this, {
      stage: this.api.deploymentStage,
      signed: props.signedBy !== undefined,
      guarded: props.firewall !== undefined,
    });
  }

  urlForPath(path: string): string {
    return this.#ownName === undefined ? this.api.urlForPath(path) : `https://${this.#ownName}${path}`;
  }

  /** Answers of the platform's own making or a failed function: 5xx as the caller sees them. For alarms. */
  metricServerErrors(): Metric {
    return this.api.metricServerError({ period: Duration.minutes(1) });
  }

  grantCall(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['execute-api:Invoke'],
      resourceArns: [this.api.arnForExecuteApi()],
    });
  }

  #createApi(props: RestDoorProps): RestApi {
    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: logGroupName(`${props.apiName}-access`),
      retention: props.logRetention,
      ...(props.logKey === undefined ? {} : { encryptionKey: props.logKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    });
    return new RestApi(this, 'Api', {
      restApiName: props.apiName,
      description: 'Gateway to models, in the wire formats of OpenAI, Anthropic and Bedrock',
      endpointTypes: [EndpointType.REGIONAL],
      ...(props.names === undefined ? {} : { disableExecuteApiEndpoint: true }),
      ...(props.signedBy === undefined ? {} : { policy: callersPolicy(props.signedBy, props.names) }),
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
  }

  /** In place of API Gateway's own, which no client of a model makes anything of. */
  #addAnswers(): void {
    for (const answer of frontDoorAnswers) {
      const headers = Object.entries(frontDoorHeaders(answer));
      this.api.addGatewayResponse(answer.type, {
        type: ResponseType.of(answer.type),
        ...(answer.status === undefined ? {} : { statusCode: String(answer.status) }),
        // A constant stands in quotes of its own.
        responseHeaders: Object.fromEntries(headers.map(([name, value]) => [name, `'${value}'`])),
        templates: { 'application/json': frontDoorBody(answer) },
      });
    }
  }

  #addRoutes(props: RestDoorProps): void {
    const integration = new LambdaIntegration(props.handler, {
      responseTransferMode: ResponseTransferMode.STREAM,
      timeout: props.timeout,
      allowTestInvoke: false,
    });
    const options = props.signedBy === undefined ? {} : { authorizationType: AuthorizationType.IAM };
    this.api.root.addMethod('ANY', integration, options);
    this.api.root.addResource('{proxy+}').addMethod('ANY', integration, options);
    // Who asks whether a gateway is ready signs nothing: Route 53.
    if (props.signedBy !== undefined && props.names !== undefined)
      acknowledgeOpenMethod(this.api.root.addResource('readyz').addMethod('GET', integration));
  }
}

function callersPolicy(
  signedBy: readonly string[],
  names: GatewayNamesAttributes | undefined,
): PolicyDocument {
  const readiness = new PolicyStatement({
    sid: 'AskWhetherReady',
    principals: [new AnyPrincipal()],
    actions: ['execute-api:Invoke'],
    resources: ['execute-api:/live/GET/readyz'],
  });
  return new PolicyDocument({
    statements: [
      ...callerStatements(signedBy, {
        sid: 'Callers',
        action: 'execute-api:Invoke',
        resource: 'execute-api:/*',
      }),
      ...(names === undefined ? [] : [readiness]),
    ],
  });
}
