import {
  CreateBucketCommand,
  DeleteBucketCommand,
  type LifecycleRule,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutObjectLockConfigurationCommand,
  type PutObjectLockConfigurationCommandInput,
  type ServerSideEncryptionConfiguration,
} from '@aws-sdk/client-s3';
import type { Cloud } from '../cloud.ts';
import type { ResourceHandler, ResourceRequest } from '../resource-handler.ts';
import { isOn } from '../shape.ts';
import type { Json } from '../template.ts';
import { tagsShape } from './kept-resource.ts';

/** The region whose buckets are created without naming it. */
const unnamedRegion = 'us-east-1';

export const bucket: ResourceHandler<Cloud> = {
  type: 'AWS::S3::Bucket',
  properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: 'boolean',
          ServerSideEncryptionByDefault: { KMSMasterKeyID: 'text', SSEAlgorithm: 'text' },
        },
      ],
    },
    BucketName: 'text',
    LifecycleConfiguration: {
      Rules: [
        {
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 'number' },
          ExpirationInDays: 'number',
          Id: 'text',
          Prefix: 'text',
          Status: 'text',
        },
      ],
    },
    ObjectLockConfiguration: {
      ObjectLockEnabled: 'text',
      Rule: { DefaultRetention: { Days: 'number', Mode: 'text', Years: 'number' } },
    },
    ObjectLockEnabled: 'boolean',
    OwnershipControls: { Rules: [{ ObjectOwnership: 'text' }] },
    PublicAccessBlockConfiguration: {
      BlockPublicAcls: 'boolean',
      BlockPublicPolicy: 'boolean',
      IgnorePublicAcls: 'boolean',
      RestrictPublicBuckets: 'boolean',
    },
    Tags: tagsShape,
    VersioningConfiguration: { Status: 'text' },
  },
  required: [],
  createOnly: ['BucketName', 'ObjectLockEnabled'],
  async create(request, cloud) {
    checkVersions(request.properties);
    const name = String(request.properties.BucketName ?? request.nameOf(63).toLowerCase());
    const { region } = request;
    const place =
      region === unnamedRegion
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' } };
    const lock = isOn(request.properties.ObjectLockEnabled) ? { ObjectLockEnabledForBucket: true } : {};
    await cloud.clients.s3(request).send(new CreateBucketCommand({ Bucket: name, ...place, ...lock }));
    await configure(request, name, cloud);
    return { physicalId: name, attributes: { Arn: `arn:aws:s3:::${name}` } };
  },
  async update({ from, request }, cloud) {
    checkVersions(request.properties);
    await configure(request, from.made.physicalId, cloud);
    return from.made;
  },
  async remove({ request, made }, { clients }) {
    await clients.s3(request).send(new DeleteBucketCommand({ Bucket: made.physicalId }));
  },
};

/** A bucket that locks keeps every version; one that keeps versions without locking them is not served here. */
function checkVersions({ ObjectLockEnabled, ObjectLockConfiguration, VersioningConfiguration }: Json): void {
  const locks = isOn(ObjectLockEnabled);
  const { Status } = (VersioningConfiguration ?? {}) as { Status?: unknown };
  if (locks && Status !== undefined && Status !== 'Enabled') {
    throw new Error(`VersioningConfiguration.Status ${String(Status)}: a bucket that locks keeps versions`);
  }
  if (!locks && Status !== undefined)
    throw new Error('VersioningConfiguration: versions are kept here by buckets with ObjectLockEnabled only');
  if (!locks && ObjectLockConfiguration !== undefined)
    throw new Error('ObjectLockConfiguration wants ObjectLockEnabled');
}

async function configure(request: ResourceRequest, Bucket: string, { clients }: Cloud): Promise<void> {
  const s3 = clients.s3(request);
  const { BucketEncryption, LifecycleConfiguration, ObjectLockConfiguration } = request.properties as {
    [name: string]: Json | undefined;
  };
  if (ObjectLockConfiguration !== undefined) {
    const lock = lockConfiguration(ObjectLockConfiguration);
    await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration: lock }));
  }
  if (BucketEncryption !== undefined) {
    const rules = BucketEncryption.ServerSideEncryptionConfiguration as Json[];
    const ServerSideEncryptionConfiguration = {
      Rules: rules.map(({ BucketKeyEnabled, ServerSideEncryptionByDefault }) => ({
        BucketKeyEnabled: isOn(BucketKeyEnabled),
        ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
      })),
    } as ServerSideEncryptionConfiguration;
    await s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration }));
  }
  if (LifecycleConfiguration === undefined) return;
  const rules = (LifecycleConfiguration.Rules as Json[]).map(lifecycleRule);
  await s3.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: rules } }),
  );
}

type LockConfiguration = NonNullable<PutObjectLockConfigurationCommandInput['ObjectLockConfiguration']>;

/** Numbers may be text in a template, and in S3's own API may not. */
function lockConfiguration({ ObjectLockEnabled, Rule }: Json): LockConfiguration {
  const { Mode, Days, Years } = ((Rule as Json | undefined)?.DefaultRetention ?? {}) as Json;
  const span = {
    ...(Days === undefined ? {} : { Days: Number(Days) }),
    ...(Years === undefined ? {} : { Years: Number(Years) }),
  };
  return {
    ObjectLockEnabled: ObjectLockEnabled as 'Enabled',
    ...(Rule === undefined ? {} : { Rule: { DefaultRetention: { Mode: Mode as 'GOVERNANCE', ...span } } }),
  };
}

/** CloudFormation spells rules otherwise than S3's own API. */
function lifecycleRule({
  ExpirationInDays,
  Id,
  Prefix = '',
  Status,
  AbortIncompleteMultipartUpload,
}: Json): LifecycleRule {
  const abort = AbortIncompleteMultipartUpload as { DaysAfterInitiation: unknown } | undefined;
  return {
    ID: String(Id),
    Status: Status as 'Enabled',
    Filter: { Prefix: String(Prefix) },
    ...(ExpirationInDays === undefined ? {} : { Expiration: { Days: Number(ExpirationInDays) } }),
    ...(abort === undefined
      ? {}
      : { AbortIncompleteMultipartUpload: { DaysAfterInitiation: Number(abort.DaysAfterInitiation) } }),
  };
}
