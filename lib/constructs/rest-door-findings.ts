import type { Method, Stage } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

const UNGUARDED =
  'A web ACL is the account owner’s to choose; keys, sizes and shapes are checked in the function before anything is called.';

/** Accepts what the checks say about a REST API that passes everything to a function. */
export function acknowledgeRestDoorFindings(
  door: IConstruct,
  of: {
    readonly stage: Stage;
    /** Whether callers sign. */
    readonly signed: boolean;
    /** Whether a web ACL stands before it. */
    readonly guarded: boolean;
  },
): void {
  const { stage, signed, guarded } = of;
  acknowledge(stage, {
    ...(guarded ? {} : { 'NIST.800.53.R5-APIGWAssociatedWithWAF': UNGUARDED }),
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
    ...identityReasons(signed),
    ...(guarded ? {} : { 'AwsSolutions-APIG3': UNGUARDED }),
    'AwsSolutions-APIG2':
      'The function checks every body itself and answers in the caller’s own wire format; a model of the platform would answer in another.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The one policy that API Gateway accepts for its account-wide log role; it grants no more than writing logs.',
  });
}

/** Accepts a method that nobody signs. */
export function acknowledgeOpenMethod(method: Method): void {
  acknowledge(method, {
    'AwsSolutions-APIG4':
      'Says whether the gateway is ready and nothing else; those who ask for names sign nothing.',
  });
}

function identityReasons(signed: boolean): Readonly<Record<string, string>> {
  if (signed)
    return {
      'AwsSolutions-COG4':
        'Callers are programs that sign with IAM, which API Gateway checks at every method; there is no user pool.',
    };
  return {
    'AwsSolutions-APIG4':
      'The function authenticates each request by its API key and answers 401 in the caller’s wire format.',
    'AwsSolutions-COG4': 'Callers are programs with API keys of a tenant, not people of a user pool.',
  };
}
