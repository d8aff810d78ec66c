/** A bucket of one region, through S3's public API. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { AwsCredentials } from './sigv4-signer.ts';

/** Where, and as whom, local mode makes what the stacks make in AWS. */
export interface LocalAccess {
  readonly endpoint: string;
  readonly credentials: AwsCredentials;
}

export interface NewBucket {
  readonly region: string;
  readonly bucket: string;
  /** With versions that can be locked. @default false */
  readonly lockable?: boolean;
}

/**
 * Creates the bucket unless it is there, then does the rest with the client that did.
 *
 * @throws the SDK's error
 */
export async function createBucket(
  { region, bucket, lockable = false }: NewBucket,
  access: LocalAccess,
  configure: (client: S3Client) => Promise<void>,
): Promise<void> {
  const client = new S3Client({ region, maxAttempts: 1, forcePathStyle: true, ...access });
  // Virginia is where a bucket stands that names no place, and must not be named.
  const place =
    region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region as never } };
  const lock = lockable ? { ObjectLockEnabledForBucket: true } : {};
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket, ...lock, ...place })).catch(unlessThere);
    await configure(client);
  } finally {
    client.destroy();
  }
}

function unlessThere(error: unknown): void {
  if (!(error instanceof Error && error.name === 'BucketAlreadyOwnedByYou')) throw error;
}
