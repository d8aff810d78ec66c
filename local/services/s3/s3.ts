/**
 * The stand-in's Simple Storage Service: buckets with an owner and a region, objects whole and in parts.
 *
 * Invariant: state lives in `Buckets` alone, in memory; a bucket is reached by its own account in its own region only,
 * and what is not offered is refused, never taken without effect.
 */
import * as client from '@aws-sdk/client-s3';
import type { ServiceDefinition } from '../../service.ts';
import { accessQuestions } from './access-questions.ts';
import { bucketOperations } from './bucket-operations.ts';
import { Buckets } from './buckets.ts';
import { multipartOperations } from './multipart.ts';
import { objectLockOperations } from './object-lock.ts';
import { objectOperations } from './object-operations.ts';
import { storeErrors } from './store-error.ts';

/** @param now by which objects grow old @default - the machine's clock */
export function createS3Service(now: () => Date = () => new Date()): ServiceDefinition {
  const buckets = new Buckets(now);
  return {
    service: 's3',
    signingNames: ['s3'],
    client,
    operations: {
      ...bucketOperations(buckets),
      ...objectOperations(buckets),
      ...objectLockOperations(buckets),
      ...multipartOperations(buckets),
    },
    unmodelledErrors: storeErrors,
    questionsOf: (input, context) => accessQuestions(buckets, input, context),
    targetOf: (_, { Bucket, Key }) =>
      [Bucket, Key].filter((part) => typeof part === 'string').join('/') || undefined,
    reachOf: (_, __, { region }) => ({ reach: [region], servedRegion: region }),
  };
}
