/** The environment of a function's process, as Lambda makes it: the function's own variables and those of Lambda. */
import type { FunctionSpec } from './function-spec.ts';
import { roleCredentials } from './role-credentials.ts';

/** What an environment has that its function's specification does not tell. */
export interface EnvironmentPlace {
  /** Host and port of its Runtime API. */
  readonly runtimeApi: string;
  /** What the function sees as its temporary storage; Lambda has it at /tmp. */
  readonly temporaryFolder: string;
  readonly logStream: string;
  readonly initialization: Initialization;
  /** One origin for every AWS service, where there is no AWS. */
  readonly awsUrl: string | undefined;
}

/** Whether a request waited for the environment to start, or it stood ready. */
export type Initialization = 'on-demand' | 'provisioned-concurrency';

export function lambdaVariables(spec: FunctionSpec, place: EnvironmentPlace): Record<string, string> {
  const { roleArn, name } = spec;
  const keys = roleCredentials(roleArn, name);
  return {
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...spec.environment,
    _HANDLER: spec.handler,
    AWS_ACCESS_KEY_ID: keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    AWS_SESSION_TOKEN: keys.sessionToken,
    AWS_REGION: spec.region,
    AWS_DEFAULT_REGION: spec.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version ?? '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMebibytes),
    AWS_LAMBDA_INITIALIZATION_TYPE: place.initialization,
    AWS_LAMBDA_LOG_GROUP_NAME: spec.logGroup ?? `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_RUNTIME_API: place.runtimeApi,
    LAMBDA_TASK_ROOT: spec.folder,
    TMPDIR: place.temporaryFolder,
    ...(place.awsUrl === undefined ? {} : { AWS_ENDPOINT_URL: place.awsUrl }),
  };
}
