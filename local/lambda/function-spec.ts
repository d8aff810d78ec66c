/** A function as a template describes it, held to what Lambda asks of it when it is made. */
import { existsSync } from 'node:fs';
import { invalidParameter } from './lambda-error.ts';
import {
  MEMORY_MEBIBYTES_MAX,
  MEMORY_MEBIBYTES_MIN,
  TIMEOUT_SECONDS_MAX,
  VARIABLES_BYTES_MAX,
} from './limits.ts';

export interface FunctionSpec {
  readonly name: string;
  /**
   * Number of a published version.
   * @default - $LATEST
   */
  readonly version?: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  /** Where the unpacked code lies: its asset in a cloud assembly. */
  readonly folder: string;
  /** As the template says it: `index.handler`. */
  readonly handler: string;
  /** As the template says it: `nodejs24.x`. Refused where it is not the Node that runs here. */
  readonly runtime: string;
  /**
   * Remembered, and without effect: environments run on this machine's processor.
   * @default x86_64
   */
  readonly architecture?: 'arm64' | 'x86_64';
  /** The function's own variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** 1 to 900. */
  readonly timeoutSeconds: number;
  /** 128 to 10,240. Told to the function, and not enforced. */
  readonly memoryMebibytes: number;
  /**
   * At most so many requests at once; 0 lets nobody in.
   * @default - what the account shares
   */
  readonly reservedConcurrency?: number;
  /** The role whose temporary keys the function finds in its environment. */
  readonly roleArn: string;
  /** @default /aws/lambda/<name> */
  readonly logGroup?: string;
}

/** Variables that Lambda sets itself and lets nobody set. */
const reservedVariables = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_ACCESS_KEY_ID',
  'AWS_DEFAULT_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_LAMBDA_RUNTIME_API',
  'AWS_REGION',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'LAMBDA_RUNTIME_DIR',
  'LAMBDA_TASK_ROOT',
]);

const ownRuntime = `nodejs${process.versions.node.split('.')[0]}.x`;

/** Of a published version with its number. */
export const functionArn = ({ name, version, account, region }: FunctionSpec): string =>
  `arn:aws:lambda:${region}:${account}:function:${name}${version === undefined ? '' : `:${version}`}`;

/** @throws LambdaError InvalidParameterValueException (400) that names everything that is wrong */
export function checkFunction(spec: FunctionSpec): void {
  const problems = [...formProblems(spec), ...rangeProblems(spec), ...variableProblems(spec.environment)];
  if (problems.length > 0) throw invalidParameter(`function ${spec.name}: ${problems.join('; ')}`);
}

function formProblems(spec: FunctionSpec): readonly string[] {
  const wanted: readonly (readonly [keyof FunctionSpec, RegExp, string])[] = [
    ['name', /^[\w-]{1,64}$/, '1 to 64 letters, digits, hyphens and underscores'],
    ['account', /^\d{12}$/, '12 digits'],
    ['region', /^[a-z]{2}(-[a-z]+)+-\d$/, 'a region code'],
    ['handler', /^[^\s]{1,128}$/, '1 to 128 characters without blanks'],
    ['roleArn', /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/, "a role's ARN"],
  ];
  const problems = wanted
    .filter(([key, form]) => !form.test(String(spec[key])))
    .map(([key, , want]) => `${key}: got ${JSON.stringify(spec[key])}, want ${want}`);
  if (!existsSync(spec.folder)) problems.push(`folder: there is none at ${spec.folder}`);
  if (spec.runtime !== ownRuntime)
    problems.push(`runtime: got ${JSON.stringify(spec.runtime)}, environments here run ${ownRuntime}`);
  if (!spec.roleArn.includes(`::${spec.account}:`))
    problems.push(`roleArn: ${spec.roleArn} is not of the function's account ${spec.account}`);
  return problems;
}

function rangeProblems(spec: FunctionSpec): readonly string[] {
  const wanted = [
    ['timeoutSeconds', spec.timeoutSeconds, 1, TIMEOUT_SECONDS_MAX],
    ['memoryMebibytes', spec.memoryMebibytes, MEMORY_MEBIBYTES_MIN, MEMORY_MEBIBYTES_MAX],
    ['reservedConcurrency', spec.reservedConcurrency ?? 0, 0, Number.MAX_SAFE_INTEGER],
  ] as const;
  return wanted
    .filter(([, value, min, max]) => !(Number.isInteger(value) && value >= min && value <= max))
    .map(([key, value, min, max]) => `${key}: got ${value}, want a whole number of ${min} to ${max}`);
}

function variableProblems(environment: FunctionSpec['environment']): readonly string[] {
  const names = Object.keys(environment);
  const reserved = names.filter((name) => reservedVariables.has(name));
  const malformed = names.filter((name) => !/^([A-Za-z]\w+|_HANDLER|_X_AMZN_TRACE_ID)$/.test(name));
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  return [
    ...(reserved.length === 0 ? [] : [`environment: Lambda sets ${reserved.join(', ')} itself`]),
    ...(malformed.length === 0 ? [] : [`environment: no variable may be named ${malformed.join(', ')}`]),
    ...(bytes <= VARIABLES_BYTES_MAX
      ? []
      : [`environment: ${bytes} bytes, Lambda takes ${VARIABLES_BYTES_MAX}`]),
  ];
}
