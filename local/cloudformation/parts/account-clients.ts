/** Real SDK clients against the stand-in: as an account's administrator, or as a role that a service has assumed. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SQSClient } from '@aws-sdk/client-sqs';
import { roleCredentials } from '../../lambda/role-credentials.ts';
import { secretOf } from '../../wire/access-keys.ts';

export interface ClientPlace {
  readonly account: string;
  readonly region: string;
  /** @default - the account's administrator */
  readonly roleArn?: string;
}

interface Closable {
  destroy(): void;
}

export class AccountClients {
  /** The stand-in's origin. */
  readonly endpoint: string;
  readonly #open = new Map<string, Closable>();

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  dynamodb(place: ClientPlace): DynamoDBClient {
    return this.#opened('dynamodb', place, (settings) => new DynamoDBClient(settings));
  }

  sqs(place: ClientPlace): SQSClient {
    return this.#opened('sqs', place, (settings) => new SQSClient(settings));
  }

  s3(place: ClientPlace): S3Client {
    return this.#opened('s3', place, (settings) => new S3Client({ ...settings, forcePathStyle: true }));
  }

  sagemaker(place: ClientPlace): SageMakerClient {
    return this.#opened('sagemaker', place, (settings) => new SageMakerClient(settings));
  }

  close(): void {
    for (const client of this.#open.values()) client.destroy();
    this.#open.clear();
  }

  #opened<Client extends Closable>(
    service: string,
    place: ClientPlace,
    open: (settings: ReturnType<AccountClients['settings']>) => Client,
  ): Client {
    const key = [service, place.account, place.region, place.roleArn].join(' ');
    const client = (this.#open.get(key) as Client | undefined) ?? open(this.settings(place));
    this.#open.set(key, client);
    return client;
  }

  /** For a client of any service. One attempt: what fails shall be seen. */
  settings({ account, region, roleArn }: ClientPlace) {
    const keys = roleArn === undefined ? administratorKeys(account) : roleCredentials(roleArn, 'service');
    return { region, endpoint: this.endpoint, maxAttempts: 1, credentials: keys };
  }
}

function administratorKeys(account: string) {
  const accessKeyId = `LKIA${account}`;
  return { accessKeyId, secretAccessKey: secretOf(accessKeyId) };
}
