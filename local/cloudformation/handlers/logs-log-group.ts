import type { Cloud } from '../cloud.ts';
import { accountOf } from '../parts/service-access.ts';
import type { ResourceRequest } from '../resource-handler.ts';
import { keptResource, tagsShape } from './kept-resource.ts';

/** The days that CloudWatch Logs keeps for, and no others. */
const retentionDays = new Set([
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]);

export const logGroup = keptResource({
  type: 'AWS::Logs::LogGroup',
  properties: {
    LogGroupName: 'text',
    RetentionInDays: 'number',
    KmsKeyId: 'text',
    LogGroupClass: 'text',
    Tags: tagsShape,
  },
  required: [],
  createOnly: ['LogGroupName', 'LogGroupClass'],
  async check(request, cloud) {
    const { RetentionInDays, KmsKeyId } = request.properties;
    if (RetentionInDays !== undefined && !retentionDays.has(Number(RetentionInDays))) {
      throw new Error(`RetentionInDays ${String(RetentionInDays)} is none that CloudWatch Logs knows`);
    }
    if (KmsKeyId !== undefined) await requireKey(request, String(KmsKeyId), cloud);
  },
  made(request) {
    const name = nameOf(request);
    return {
      physicalId: name,
      attributes: { Arn: `arn:aws:logs:${request.region}:${request.account}:log-group:${name}:*` },
    };
  },
});

const nameOf = (request: ResourceRequest): string =>
  String(request.properties.LogGroupName ?? request.nameOf(128));

/** CloudWatch Logs uses a key only where the key's own policy lets it, for this very group. */
async function requireKey(request: ResourceRequest, named: string, { access, book }: Cloud): Promise<void> {
  const key = book.keyNamed(named);
  if (key === undefined) throw new Error(`there is no key ${named}`);
  const { account, region } = request;
  const group = `arn:aws:logs:${region}:${account}:log-group:${nameOf(request)}`;
  const context = {
    'kms:EncryptionContext:aws:logs:arn': group,
    'kms:EncryptionContextKeys': ['aws:logs:arn'],
  };
  const service = `logs.${region}.amazonaws.com`;
  for (const action of ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey']) {
    const question = { action, resource: key, account: accountOf(key), context };
    if (await access.lets(service, question, region)) continue;
    throw new Error(`the key ${key} does not let ${service} do ${action} for ${group}`);
  }
}
