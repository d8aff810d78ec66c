/**
 * What the wire layer reads of an SDK client, for the four operations of KMS that are offered: no client of KMS is among
 * this project's dependencies. Shapes are in the SDK's own notation, from AWS's public model of the service.
 */
const namespace = 'com.amazonaws.kms';

const [text, truth, blob] = [0, 2, 21] as const;
type Kind = typeof text | typeof truth | typeof blob;

const structure = (name: string, members: Readonly<Record<string, unknown>>, required: number) =>
  [3, namespace, name, 0, Object.keys(members), Object.values(members), required] as const;

/** Those that must be there come first. */
const operation = (
  name: string,
  input: readonly [Readonly<Record<string, Kind>>, number],
  output: Readonly<Record<string, unknown>>,
) =>
  [
    ...[9, namespace, name, 0],
    () => structure(`${name}Request`, ...input),
    () => structure(`${name}Response`, output, 0),
  ] as const;

const clientError = (name: string) =>
  [-3, namespace, name, { error: 'client', httpError: 400 }, ['message'], [text]] as const;

const keyMetadata = structure('KeyMetadata', { Arn: text, KeyId: text, KeySpec: text, KeyUsage: text }, 0);

class KmsClient {
  readonly config = {
    serviceId: 'KMS',
    protocol: { getShapeId: () => 'aws.protocols#awsJson1_1' },
    protocolSettings: { defaultNamespace: namespace, serviceTarget: 'TrentService', version: '2014-11-01' },
  };
  destroy(): void {
    // Nothing is open.
  }
}

export const kmsModel: Readonly<Record<string, unknown>> = {
  KmsClient,
  CreateKey$: operation('CreateKey', [{ KeySpec: text, KeyUsage: text, Description: text }, 0], {
    KeyMetadata: keyMetadata,
  }),
  CreateAlias$: operation('CreateAlias', [{ AliasName: text, TargetKeyId: text }, 2], {}),
  Sign$: operation('Sign', [{ KeyId: text, Message: blob, SigningAlgorithm: text, MessageType: text }, 3], {
    KeyId: text,
    Signature: blob,
    SigningAlgorithm: text,
  }),
  GetPublicKey$: operation('GetPublicKey', [{ KeyId: text }, 1], {
    KeyId: text,
    PublicKey: blob,
    KeySpec: text,
    KeyUsage: text,
  }),
  NotFoundException$: clientError('NotFoundException'),
  AlreadyExistsException$: clientError('AlreadyExistsException'),
  InvalidKeyUsageException$: clientError('InvalidKeyUsageException'),
  UnsupportedOperationException$: clientError('UnsupportedOperationException'),
};
