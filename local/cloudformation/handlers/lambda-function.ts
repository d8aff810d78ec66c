import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionSpec } from '../../lambda/function-spec.ts';
import type { Cloud } from '../cloud.ts';
import { accountOf } from '../parts/service-access.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

const memoryMebibytesDefault = 128;
const timeoutSecondsDefault = 3;
/** What Node loads a handler's module from. */
const moduleEndings = ['.mjs', '.js', '.cjs'];

export const lambdaFunction: ResourceHandler<Cloud> = {
  type: 'AWS::Lambda::Function',
  properties: {
    Architectures: ['text'],
    Code: { S3Bucket: 'text', S3Key: 'text' },
    DeadLetterConfig: { TargetArn: 'text' },
    Description: 'text',
    Environment: { Variables: 'json' },
    EphemeralStorage: { Size: 'number' },
    FunctionName: 'text',
    Handler: 'text',
    KmsKeyArn: 'text',
    LoggingConfig: {
      LogGroup: 'text',
      LogFormat: 'text',
      ApplicationLogLevel: 'text',
      SystemLogLevel: 'text',
    },
    MemorySize: 'number',
    ReservedConcurrentExecutions: 'number',
    Role: 'text',
    Runtime: 'text',
    Tags: tagsShape,
    Timeout: 'number',
  },
  required: ['Code', 'Role', 'Handler', 'Runtime'],
  createOnly: ['FunctionName'],
  async create(request, cloud) {
    const { spec, settings } = await prepared(request, cloud);
    const arn = cloud.functions.create(spec, settings);
    return { physicalId: spec.name, attributes: { Arn: arn } };
  },
  async update({ from, request }, cloud) {
    const { spec, settings } = await prepared(request, cloud);
    cloud.functions.update(spec, settings);
    return from.made;
  },
  remove: ({ made }, { functions }) => functions.remove(made.attributes.Arn ?? ''),
};

/** Everything that Lambda asks before it makes a function; what it would only find at the first call is asked here too. */
async function prepared(request: ResourceRequest, cloud: Cloud) {
  const { properties, account, region } = request;
  const { DeadLetterConfig, KmsKeyArn, LoggingConfig } = properties;
  const spec = specOf(request, cloud);
  if (cloud.book.role(spec.roleArn) === undefined) throw new Error(`there is no role ${spec.roleArn}`);
  await cloud.access.assume('lambda.amazonaws.com', spec.roleArn, { account, region });
  const logGroup = (LoggingConfig as Json | undefined)?.LogGroup;
  if (logGroup !== undefined) {
    const arn = `arn:aws:logs:${region}:${account}:log-group:${String(logGroup)}`;
    if (!cloud.kept.has(`${arn}:*`)) throw new Error(`there is no log group ${String(logGroup)}`);
    for (const action of ['logs:CreateLogStream', 'logs:PutLogEvents']) {
      const resource = `${arn}:log-stream:${spec.name}`;
      await cloud.access.require(spec.roleArn, { action, resource, account }, region);
    }
  }
  const deadLetterArn = (DeadLetterConfig as Json | undefined)?.TargetArn as string | undefined;
  if (deadLetterArn !== undefined) {
    const question = {
      action: 'sqs:SendMessage',
      resource: deadLetterArn,
      account: accountOf(deadLetterArn),
    };
    await cloud.access.require(spec.roleArn, question, region);
  }
  if (KmsKeyArn !== undefined) {
    const key = String(KmsKeyArn);
    if (cloud.book.resourcePolicy(key) === undefined) throw new Error(`there is no key ${key}`);
    await cloud.access.require(
      spec.roleArn,
      { action: 'kms:Decrypt', resource: key, account: accountOf(key) },
      region,
    );
  }
  const keyArn = KmsKeyArn === undefined ? undefined : String(KmsKeyArn);
  return { spec, settings: { deadLetterArn, keyArn } };
}

function specOf(request: ResourceRequest, { assets }: Cloud): FunctionSpec {
  const { properties, account, region } = request;
  const { S3Bucket, S3Key } = properties.Code as Json;
  const folder = assets.get(`${String(S3Bucket)}/${String(S3Key)}`);
  if (folder === undefined) throw new Error(`the asset s3://${String(S3Bucket)}/${String(S3Key)} is missing`);
  const handler = String(properties.Handler);
  const module = handler.slice(0, handler.lastIndexOf('.'));
  if (!moduleEndings.some((ending) => existsSync(join(folder, `${module}${ending}`)))) {
    throw new Error(`Handler ${handler}: the bundle has no module ${module}`);
  }
  const [architecture = 'x86_64', ...others] = (properties.Architectures ?? []) as string[];
  if ((architecture !== 'arm64' && architecture !== 'x86_64') || others.length > 0) {
    throw new Error(`Architectures ${[architecture, ...others].join(', ')}: want arm64 or x86_64`);
  }
  const { ReservedConcurrentExecutions, LoggingConfig } = properties;
  const variables = ((properties.Environment as Json | undefined)?.Variables ?? {}) as Json;
  const logGroup = (LoggingConfig as Json | undefined)?.LogGroup;
  return {
    name: String(properties.FunctionName ?? request.nameOf(64)),
    account,
    region,
    folder,
    handler,
    runtime: String(properties.Runtime),
    architecture,
    environment: Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)])),
    timeoutSeconds: Number(properties.Timeout ?? timeoutSecondsDefault),
    memoryMebibytes: Number(properties.MemorySize ?? memoryMebibytesDefault),
    ...(ReservedConcurrentExecutions === undefined
      ? {}
      : { reservedConcurrency: Number(ReservedConcurrentExecutions) }),
    roleArn: String(properties.Role),
    ...(logGroup === undefined ? {} : { logGroup: String(logGroup) }),
  };
}
