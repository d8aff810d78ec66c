/**
 * The stand-in's Key Management Service: pairs of keys for ECDSA over P-256, their aliases and what they sign.
 *
 * Invariant: state lives in `SigningKeys` alone, in memory; a private half never leaves it, and what is not offered is
 * refused, never taken without effect.
 */
import * as client from '@aws-sdk/client-kms';
import type { AccessQuestion } from '../../iam/access-question.ts';
import type { CallContext, Operation, ServiceDefinition } from '../../service.ts';
import { WireError } from '../../wire/wire-error.ts';
import type { SigningKeys } from './signing-keys.ts';

const keySpec = 'ECC_NIST_P256';
const keyUsage = 'SIGN_VERIFY';
const algorithm = 'ECDSA_SHA_256';
const aliasForm = /^alias\/(?!aws\/)[a-zA-Z0-9/_-]{1,250}$/;
/** What KMS takes as it is; more has to come as a digest, which is not offered. */
const messageBytesMax = 4_096;

export function createKmsService(keys: SigningKeys): ServiceDefinition {
  return {
    service: 'kms',
    signingNames: ['kms'],
    client,
    operations: operationsOn(keys),
    unmodelledErrors: { ValidationException: 400 },
    questionsOf: (input, context) => questions(keys, input, context),
    targetOf: (_, { KeyId, AliasName }) => (KeyId ?? AliasName) as string | undefined,
  };
}

interface SignInput extends Unread {
  readonly KeyId: string;
  readonly Message: Uint8Array;
  readonly SigningAlgorithm: string;
  readonly MessageType?: string;
}

/** Members that nothing here reads. */
type Unread = Readonly<Record<string, unknown>>;

function operationsOn(keys: SigningKeys): Readonly<Record<string, Operation>> {
  return {
    CreateKey({ KeySpec, KeyUsage, ...rest }: { KeySpec?: string; KeyUsage?: string } & Unread, context) {
      refuseUnread(rest);
      if (KeySpec !== keySpec || KeyUsage !== keyUsage)
        throw new WireError(
          'UnsupportedOperationException',
          400,
          `The local AWS makes keys of ${keySpec} for ${keyUsage} alone.`,
        );
      const Arn = keys.create(context);
      return { KeyMetadata: { Arn, KeyId: Arn.split('/').at(-1), KeySpec, KeyUsage } };
    },
    CreateAlias({ AliasName, TargetKeyId }: { AliasName: string; TargetKeyId: string }, context) {
      if (!aliasForm.test(AliasName)) throw invalid(`AliasName ${AliasName} must be alias/<name>`);
      keys.name(AliasName, TargetKeyId, context);
      return {};
    },
    Sign({ KeyId, Message, SigningAlgorithm, MessageType = 'RAW', ...rest }: SignInput, context) {
      refuseUnread(rest);
      const arn = keys.arnOf(KeyId, context);
      if (SigningAlgorithm !== algorithm)
        throw new WireError(
          'InvalidKeyUsageException',
          400,
          `Algorithm ${SigningAlgorithm} is incompatible with key spec ${keySpec}.`,
        );
      if (MessageType !== 'RAW') throw invalid(`The local AWS signs messages, not a ${MessageType}`);
      if (Message.length < 1 || Message.length > messageBytesMax)
        throw invalid(`Value at 'message' must have 1 to ${messageBytesMax} bytes, not ${Message.length}`);
      return { KeyId: arn, Signature: keys.sign(arn, Message), SigningAlgorithm };
    },
    GetPublicKey({ KeyId, ...rest }: { KeyId: string } & Unread, context) {
      refuseUnread(rest);
      const arn = keys.arnOf(KeyId, context);
      return { KeyId: arn, PublicKey: keys.publicKey(arn), KeySpec: keySpec, KeyUsage: keyUsage };
    },
  };
}

/** What would be taken without effect. */
function refuseUnread(rest: Unread): void {
  const unread = Object.keys(rest).filter((name) => rest[name] !== undefined);
  if (unread.length > 0) throw invalid(`The local AWS does not offer ${unread.join(', ')}`);
}

const invalid = (message: string): WireError => new WireError('ValidationException', 400, message);

/** Of the key itself; by which name it was asked for, conditions may say. */
function questions(
  keys: SigningKeys,
  { KeyId, SigningAlgorithm }: Readonly<Record<string, unknown>>,
  context: CallContext,
): readonly AccessQuestion[] | undefined {
  const { operation, account } = context;
  if (operation !== 'Sign' && operation !== 'GetPublicKey') return undefined;
  const asked = String(KeyId);
  return [
    {
      action: `kms:${operation}`,
      resource: keys.arnOf(asked, context),
      account,
      context: {
        ...(asked.startsWith('alias/') ? { 'kms:RequestAlias': asked } : {}),
        ...(typeof SigningAlgorithm === 'string' ? { 'kms:SigningAlgorithm': SigningAlgorithm } : {}),
      },
    },
  ];
}
