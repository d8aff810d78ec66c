/**
 * The local AWS: every service of the stand-in and its control API on one loopback port, for real SDK clients.
 *
 * Invariant: it imports nothing of the product but data/ and src/serving-model, so that it can judge the product.
 */

import type { ControlResource } from './service.ts';
import type { ChangeStreams } from './services/dynamodb/change-streams.ts';
import { createDynamoDb } from './services/dynamodb/dynamodb.ts';
import { createKmsService } from './services/kms/kms.ts';
import { SigningKeys } from './services/kms/signing-keys.ts';
import { createModelServices, type ModelServicesOptions } from './services/models.ts';
import { createMonitoringService } from './services/monitoring/monitoring.ts';
import { createS3Service } from './services/s3/s3.ts';
import { createSqsService } from './services/sqs/sqs.ts';
import { createStsService } from './services/sts/sts.ts';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './wire/local-server.ts';

export interface LocalAwsOptions
  extends Pick<LocalServerOptions, 'port' | 'faults' | 'seed' | 'gateways' | 'guard' | 'log'>,
    ModelServicesOptions {
  /** By which objects in buckets grow old and expire. @default - the machine's clock */
  readonly now?: (() => Date) | undefined;
  /** Resources of the control API that are not the stand-in's own. @default - none */
  readonly controls?: readonly ControlResource[] | undefined;
}

/** A running stand-in. `close` breaks open connections, frees the port and forgets all state. */
export interface LocalAws extends LocalServer {
  /** What changed in tables with a stream: DynamoDB Streams has no wire protocol here. */
  readonly tableStreams: ChangeStreams;
  /** Keys that sign, for who makes them otherwise than by KMS's own calls. */
  readonly signingKeys: SigningKeys;
}

/**
 * Starts the stand-in on 127.0.0.1; port 0 picks a free one. `faults` is a list of fault rules in force before the
 * first call; a bad list throws a ControlError with every violation. `timeScale` multiplies serving times.
 */
export async function createLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const models = createModelServices(options);
  const dynamodb = createDynamoDb({ isGuarded: options.guard !== undefined });
  const signingKeys = new SigningKeys();
  const server = await startLocalServer({
    ...options,
    services: [
      ...models.services,
      dynamodb.service,
      createMonitoringService(),
      createStsService(),
      createSqsService(),
      createKmsService(signingKeys),
      createS3Service(options.now),
    ],
    controls: [...models.controls, dynamodb.control, ...(options.controls ?? [])],
  });
  const close = async () => {
    await server.close();
    models.close();
    await dynamodb.close();
  };
  return { url: server.url, port: server.port, tableStreams: dynamodb.streams, signingKeys, close };
}
