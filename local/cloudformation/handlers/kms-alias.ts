import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';

const aliasForm = /^alias\/(?!aws\/)[a-zA-Z0-9/_-]+$/;

/** Another name of a key: whoever asks for a key by it finds that key. */
export const keyAlias: ResourceHandler<Cloud> = {
  type: 'AWS::KMS::Alias',
  properties: { AliasName: 'text', TargetKeyId: 'text' },
  required: ['AliasName', 'TargetKeyId'],
  createOnly: ['AliasName'],
  async create(request, { aws, book }) {
    const arn = arnOf(request);
    if (book.keyNamed(arn) !== undefined) throw new Error(`AlreadyExistsException: ${arn}`);
    book.setKeyAlias(arn, targetOf(request));
    aws.signingKeys.nameIfThere(String(request.properties.AliasName), targetOf(request), request);
    return { physicalId: String(request.properties.AliasName), attributes: { Arn: arn } };
  },
  async update({ from, request }, { book }) {
    book.setKeyAlias(arnOf(request), targetOf(request));
    return from.made;
  },
  async remove({ request }, { book }) {
    book.setKeyAlias(arnOf(request), undefined);
  },
};

function arnOf({ account, region, properties }: ResourceRequest): string {
  const name = String(properties.AliasName);
  if (!aliasForm.test(name)) throw new Error(`AliasName ${name} is not alias/<letters, digits, /, _, ->`);
  return `arn:aws:kms:${region}:${account}:${name}`;
}

/** By its ARN, or by its id in the same place. */
function targetOf({ account, region, properties }: ResourceRequest): string {
  const target = String(properties.TargetKeyId);
  return target.startsWith('arn:') ? target : `arn:aws:kms:${region}:${account}:key/${target}`;
}
