import { randomUUID } from 'node:crypto';
import type { Engine, EngineAnswer, Json } from './engine.ts';
import { arnOf, type TableAddress } from './table-address.ts';
import type { TableSettings } from './table-book.ts';

/** A change as a function that polls the stream gets it. */
export interface ChangeRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: {
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Json;
    readonly NewImage?: Json;
    readonly OldImage?: Json;
    readonly SequenceNumber: string;
    readonly StreamViewType: string;
  };
}

type Listener = (record: ChangeRecord) => void;

interface StreamSpecification {
  readonly StreamEnabled?: boolean;
  readonly StreamViewType?: string;
}

/** The streams of tables: each change of an item, in order, to whoever listens from now on. */
export class ChangeStreams {
  readonly #engineOf: (address: TableAddress) => Engine;
  readonly #settingsOf: (address: TableAddress) => TableSettings;
  readonly #labels = new Map<string, string>();
  readonly #listeners = new Map<string, Set<Listener>>();
  #sequence = 0;

  constructor(
    engineOf: (address: TableAddress) => Engine,
    settingsOf: (address: TableAddress) => TableSettings,
  ) {
    this.#engineOf = engineOf;
    this.#settingsOf = settingsOf;
  }

  isOpen(address: TableAddress): boolean {
    return this.#specification(address)?.StreamEnabled === true;
  }

  /** Members of the table's description. */
  described(address: TableAddress): Json {
    if (!this.isOpen(address)) return {};
    const arn = arnOf(address);
    const label = this.#labels.get(arn) ?? new Date().toISOString().slice(0, -1);
    this.#labels.set(arn, label);
    return { LatestStreamArn: `${arn}/stream/${label}`, LatestStreamLabel: label };
  }

  /** @returns ends it @throws an Error where there is no such stream */
  listen(streamArn: string, listener: Listener): () => void {
    const [table = '', label] = streamArn.split('/stream/');
    if (label === undefined || this.#labels.get(table) !== label) {
      throw new Error(`ResourceNotFoundException: there is no stream ${streamArn}`);
    }
    const listeners = this.#listeners.get(table) ?? new Set();
    this.#listeners.set(table, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Runs a write and tells what it changed. */
  async watch(
    address: TableAddress,
    itemsOrKeys: readonly Json[],
    run: () => Promise<EngineAnswer>,
  ): Promise<EngineAnswer> {
    const listeners = this.#listeners.get(arnOf(address));
    if (listeners === undefined || listeners.size === 0) return run();
    const keyNames = await this.#keyNames(address);
    const keys = itemsOrKeys.map((item) => Object.fromEntries(keyNames.map((name) => [name, item[name]])));
    const before = await Promise.all(keys.map((key) => this.#read(address, key)));
    const answer = await run();
    if (answer.status !== 200) return answer;
    for (const [index, key] of keys.entries()) {
      const record = this.#recordOf(address, key, {
        old: before[index],
        new: await this.#read(address, key),
      });
      if (record !== undefined) for (const listener of listeners) listener(record);
    }
    return answer;
  }

  #recordOf(
    address: TableAddress,
    key: Json,
    images: { readonly old: Json | undefined; readonly new: Json | undefined },
  ): ChangeRecord | undefined {
    if (JSON.stringify(images.old) === JSON.stringify(images.new)) return undefined;
    const view = this.#specification(address)?.StreamViewType ?? 'KEYS_ONLY';
    this.#sequence += 1;
    return {
      eventID: randomUUID().replaceAll('-', ''),
      eventName: images.old === undefined ? 'INSERT' : images.new === undefined ? 'REMOVE' : 'MODIFY',
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: address.region,
      eventSourceARN: String(this.described(address).LatestStreamArn),
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(Date.now() / 1000),
        Keys: key,
        ...(view.startsWith('NEW') && images.new !== undefined ? { NewImage: images.new } : {}),
        ...(view.includes('OLD') && images.old !== undefined ? { OldImage: images.old } : {}),
        SequenceNumber: String(this.#sequence).padStart(21, '0'),
        StreamViewType: view,
      },
    };
  }

  #specification(address: TableAddress): StreamSpecification | undefined {
    return this.#settingsOf(address).description.StreamSpecification as StreamSpecification | undefined;
  }

  async #keyNames(address: TableAddress): Promise<readonly string[]> {
    const { body } = await this.#engineOf(address).call('DescribeTable', { TableName: address.table });
    const { KeySchema = [] } = (body.Table ?? {}) as { KeySchema?: { AttributeName: string }[] };
    return KeySchema.map(({ AttributeName }) => AttributeName);
  }

  async #read(address: TableAddress, key: Json): Promise<Json | undefined> {
    const { body } = await this.#engineOf(address).call('GetItem', {
      TableName: address.table,
      Key: key,
      ConsistentRead: true,
    });
    return body.Item as Json | undefined;
  }
}
