import { Duration } from 'aws-cdk-lib';
import { type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant, type IGrantable, PolicyDocument } from 'aws-cdk-lib/aws-iam';
import {
  CfnResourcePolicy,
  type FunctionUrl,
  FunctionUrlAuthType,
  type IFunction,
  InvokeMode,
} from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { callerStatements } from './callers-policy.ts';
import type { IDoor } from './door.ts';

export interface FunctionUrlDoorProps {
  /** The function, or its alias. */
  readonly handler: IFunction;
  /** ARNs of the IAM roles and users that may call. */
  readonly signedBy: readonly string[];
}

/**
 * A function's own URL: answers are streamed, callers sign, and nothing stands between. It has no log of who called, no
 * web ACL, no name but its own, and streams nothing inside a VPC.
 */
export class FunctionUrlDoor extends Construct implements IDoor {
  readonly url: FunctionUrl;
  readonly #handler: IFunction;

  constructor(scope: Construct, id: string, props: FunctionUrlDoorProps) {
    super(scope, id);
    this.#handler = props.handler;
    this.url = props.handler.addFunctionUrl({
      authType: FunctionUrlAuthType.AWS_IAM,
      invokeMode: InvokeMode.RESPONSE_STREAM,
    });
    if (props.signedBy.length > 0)
      new CfnResourcePolicy(this, 'Callers', {
        resourceArn: props.handler.functionArn,
        policyDocument: callersPolicy(props),
      });
  }

  urlForPath(path: string): string {
    // AWS ends it in a slash.
    return `${this.url.url}${path.replace(/^\//, '')}`;
  }

  /** Answers 5xx, of the function or of Lambda. For alarms. */
  metricServerErrors(): Metric {
    return this.#handler.metric('Url5xxCount', { period: Duration.minutes(1), statistic: Stats.SUM });
  }

  /** Lets a principal of this account call. One of another account must be among `signedBy` too. */
  grantCall(grantee: IGrantable): Grant {
    const url = Grant.addToPrincipal({
      grantee,
      actions: ['lambda:InvokeFunctionUrl'],
      resourceArns: [this.#handler.functionArn],
      conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    });
    return url.combine(
      Grant.addToPrincipal({
        grantee,
        actions: ['lambda:InvokeFunction'],
        resourceArns: [this.#handler.functionArn],
        conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
      }),
    );
  }
}

/** Since October 2025 a URL asks for both permissions. */
function callersPolicy({ handler, signedBy }: FunctionUrlDoorProps): PolicyDocument {
  const resource = handler.functionArn;
  return new PolicyDocument({
    statements: [
      ...callerStatements(signedBy, {
        sid: 'CallUrl',
        action: 'lambda:InvokeFunctionUrl',
        resource,
        conditions: { StringEquals: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
      }),
      ...callerStatements(signedBy, {
        sid: 'CallThroughUrl',
        action: 'lambda:InvokeFunction',
        resource,
        conditions: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } },
      }),
    ],
  });
}
