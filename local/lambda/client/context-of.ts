import type { IncomingHttpHeaders } from 'node:http';

/** What a handler is told of its invocation. */
export interface Context {
  readonly awsRequestId: string;
  readonly invokedFunctionArn: string;
  readonly functionName: string | undefined;
  readonly functionVersion: string | undefined;
  readonly memoryLimitInMB: string | undefined;
  readonly logGroupName: string | undefined;
  readonly logStreamName: string | undefined;
  getRemainingTimeInMillis(): number;
}

/** Sets the trace of the environment as well, which is how the SDK hears of it. */
export function contextOf(headers: IncomingHttpHeaders): Context {
  const { env } = process;
  const trace = text(headers['lambda-runtime-trace-id']);
  if (trace === '') delete env._X_AMZN_TRACE_ID;
  else env._X_AMZN_TRACE_ID = trace;
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: text(headers['lambda-runtime-aws-request-id']),
    invokedFunctionArn: text(headers['lambda-runtime-invoked-function-arn']),
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

const text = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '');
