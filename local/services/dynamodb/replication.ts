import { WireError } from '../../wire/wire-error.ts';
import type { Engine, EngineAnswer, Json } from './engine.ts';
import type { TableAddress } from './table-address.ts';

/** How changes travel between the replicas of a table name. */
export interface ReplicationPace {
  readonly lagMs: number;
  readonly paused: boolean;
}

export interface ReplicationStatus extends ReplicationPace {
  readonly account: string;
  readonly table: string;
  readonly regions: readonly string[];
  /** Changes that have not reached every replica. */
  readonly pending: number;
}

/** One replica: when each key was last written there, and the end of its line of writes. */
interface Replica {
  readonly address: TableAddress;
  readonly writtenAt: Map<string, number>;
  tail: Promise<unknown>;
}

interface Change {
  readonly key: Json;
  /** The item after the change; absent where it was deleted. */
  readonly image: Json | undefined;
  /** Order of the write among all writes of this stand-in. */
  readonly stamp: number;
  readonly from: string;
  readonly dueAt: number;
}

interface Group {
  readonly account: string;
  readonly table: string;
  readonly keyNames: readonly string[];
  readonly replicas: Map<string, Replica>;
  queue: Change[];
  applying: number;
  timer: NodeJS.Timeout | undefined;
  strong: Strong | undefined;
}

/** What makes the replicas of a group one: its writes form one line. */
interface Strong {
  readonly witness: string | undefined;
  /** Keys that are being written, and from where. */
  readonly writing: Map<string, string>;
  line: Promise<unknown>;
}

/** A small lag by default, so that readers of another region are seen to read the past now and then. */
const defaultPace: ReplicationPace = { lagMs: 20, paused: false };

/**
 * Copies successful writes between the replicas of global tables: each write after its lag, last writer wins by
 * the order in which writes took effect. Writes to one replica of a table form one line, so that a late copy can
 * never overwrite a newer local write.
 *
 * In a strongly consistent group copies travel no faster. But a write, and a read that asks for consistency, first waits
 * for all that was written before; a read that does not ask sees the past, as it may in AWS.
 */
export class Replication {
  readonly #engineOf: (address: TableAddress) => Engine;
  readonly #groups = new Map<string, Group>();
  readonly #paces = new Map<string, ReplicationPace>();
  #clock = 0;
  #closed = false;

  constructor(engineOf: (address: TableAddress) => Engine) {
    this.#engineOf = engineOf;
  }

  /** Regions that hold the table, the asked one included; empty for a table without replicas. */
  regionsOf({ account, table }: TableAddress): readonly string[] {
    return [...(this.#groups.get(nameOf(account, table))?.replicas.keys() ?? [])].sort();
  }

  /** Adds an existing table in another region to the source's group. */
  join(source: TableAddress, region: string, keyNames: readonly string[]): void {
    const name = nameOf(source.account, source.table);
    let group = this.#groups.get(name);
    if (group === undefined) {
      const { account, table } = source;
      group = {
        account,
        table,
        keyNames,
        replicas: new Map(),
        queue: [],
        applying: 0,
        timer: undefined,
        strong: undefined,
      };
      this.#groups.set(name, group);
    }
    for (const member of [source.region, region]) {
      if (group.replicas.has(member)) continue;
      const address = { ...source, region: member };
      group.replicas.set(member, { address, writtenAt: new Map(), tail: Promise.resolve() });
    }
  }

  /** Copies existing items to a replica that has just joined; keys written since stay as they are. */
  async seed(address: TableAddress, items: readonly Json[]): Promise<void> {
    const group = this.#groups.get(nameOf(address.account, address.table));
    const replica = group?.replicas.get(address.region);
    if (group === undefined || replica === undefined) return;
    for (const image of items) {
      const change = { key: keyOf(group, image), image, stamp: 0, from: '', dueAt: 0 };
      await inLine(replica, () => this.#apply(group, replica, change));
    }
  }

  isStrong({ account, table }: TableAddress): boolean {
    return this.#groups.get(nameOf(account, table))?.strong !== undefined;
  }

  witnessOf({ account, table }: TableAddress): string | undefined {
    return this.#groups.get(nameOf(account, table))?.strong?.witness;
  }

  /** For good, once the replicas are there. */
  makeStrong({ account, table }: TableAddress, witness: string | undefined): void {
    const group = this.#groups.get(nameOf(account, table));
    if (group !== undefined) group.strong = { witness, writing: new Map(), line: Promise.resolve() };
  }

  /** Before a read that asks for consistency: until all that was written anywhere is here. */
  async whenConsistent({ account, table }: TableAddress): Promise<void> {
    const group = this.#groups.get(nameOf(account, table));
    if (group?.strong === undefined) return;
    await group.strong.line;
    await this.#catchUp(group);
  }

  leave({ account, table, region }: TableAddress): void {
    const group = this.#groups.get(nameOf(account, table));
    group?.replicas.delete(region);
    if (group === undefined || group.replicas.size > 1) return;
    clearTimeout(group.timer);
    this.#groups.delete(nameOf(account, table));
  }

  /** Runs a write on its replica, in line, and sends what it changed on its way. */
  async write(
    address: TableAddress,
    itemsOrKeys: readonly Json[],
    run: () => Promise<EngineAnswer>,
  ): Promise<EngineAnswer> {
    const group = this.#groups.get(nameOf(address.account, address.table));
    const replica = group?.replicas.get(address.region);
    if (group === undefined || replica === undefined) return run();
    const written = () => this.#write(group, replica, { itemsOrKeys, run });
    return group.strong === undefined
      ? written()
      : this.#inOneLine(group, group.strong, { replica, itemsOrKeys, written });
  }

  #write(
    group: Group,
    replica: Replica,
    {
      itemsOrKeys,
      run,
    }: { readonly itemsOrKeys: readonly Json[]; readonly run: () => Promise<EngineAnswer> },
  ): Promise<EngineAnswer> {
    return inLine(replica, async () => {
      const answer = await run();
      if (answer.status !== 200) return answer;
      for (const item of itemsOrKeys) await this.#record(group, replica, keyOf(group, item));
      return answer;
    });
  }

  /** A key that another region writes at this moment is refused; other writes take turns. */
  async #inOneLine(
    group: Group,
    strong: Strong,
    what: {
      readonly replica: Replica;
      readonly itemsOrKeys: readonly Json[];
      readonly written: () => Promise<EngineAnswer>;
    },
  ): Promise<EngineAnswer> {
    const { region } = what.replica.address;
    const keys = what.itemsOrKeys.map((item) => textOf(group, keyOf(group, item)));
    if (keys.some((key) => (strong.writing.get(key) ?? region) !== region)) {
      const message = 'One or more items in this request are being modified by a request in another Region.';
      throw new WireError('ReplicatedWriteConflictException', 400, message);
    }
    for (const key of keys) strong.writing.set(key, region);
    const result = strong.line.then(async () => {
      await this.#catchUp(group);
      return what.written();
    });
    strong.line = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      for (const key of keys) strong.writing.delete(key);
    }
  }

  async #catchUp(group: Group): Promise<void> {
    const changes = group.queue;
    group.queue = [];
    clearTimeout(group.timer);
    this.#send(group, changes);
    await Promise.all([...group.replicas.values()].map(({ tail }) => tail));
  }

  /** Sets lag or pause for a table name, in every account, also before it exists. */
  configure(table: string, change: Partial<ReplicationPace>): ReplicationPace {
    const pace = { ...(this.#paces.get(table) ?? defaultPace), ...change };
    this.#paces.set(table, pace);
    for (const group of this.#groups.values()) {
      if (group.table !== table) continue;
      const dueAt = performance.now() + pace.lagMs;
      group.queue = group.queue.map((queued) => ({ ...queued, dueAt: Math.min(queued.dueAt, dueAt) }));
      this.#schedule(group);
    }
    return pace;
  }

  status(): ReplicationStatus[] {
    return [...this.#groups.values()].map((group) => ({
      account: group.account,
      table: group.table,
      regions: [...group.replicas.keys()].sort(),
      ...(this.#paces.get(group.table) ?? defaultPace),
      pending: group.queue.length + group.applying,
    }));
  }

  close(): void {
    this.#closed = true;
    for (const group of this.#groups.values()) clearTimeout(group.timer);
  }

  async #record(group: Group, replica: Replica, key: Json): Promise<void> {
    this.#clock += 1;
    const stamp = this.#clock;
    replica.writtenAt.set(textOf(group, key), stamp);
    const { table, region } = replica.address;
    const read = await this.#engineOf(replica.address).call('GetItem', {
      TableName: table,
      Key: key,
      ConsistentRead: true,
    });
    const { lagMs } = this.#paces.get(group.table) ?? defaultPace;
    const image = read.body.Item as Json | undefined;
    group.queue.push({ key, image, stamp, from: region, dueAt: performance.now() + lagMs });
    this.#schedule(group);
  }

  #schedule(group: Group): void {
    clearTimeout(group.timer);
    const [first] = group.queue;
    if (first === undefined || this.#closed || this.#paces.get(group.table)?.paused) return;
    group.timer = setTimeout(() => this.#deliver(group), Math.max(0, first.dueAt - performance.now()));
  }

  #deliver(group: Group): void {
    const now = performance.now();
    const due = group.queue.filter(({ dueAt }) => dueAt <= now);
    group.queue = group.queue.filter(({ dueAt }) => dueAt > now);
    this.#send(group, due);
    this.#schedule(group);
  }

  #send(group: Group, changes: readonly Change[]): void {
    for (const change of changes) {
      for (const replica of group.replicas.values()) {
        if (replica.address.region === change.from) continue;
        group.applying += 1;
        void inLine(replica, () => this.#apply(group, replica, change))
          // The engine answers its refusals; a replica whose table is gone just takes no copies.
          .catch(() => undefined)
          .finally(() => {
            group.applying -= 1;
          });
      }
    }
  }

  async #apply(group: Group, replica: Replica, { key, image, stamp }: Change): Promise<void> {
    const name = textOf(group, key);
    if (this.#closed || (replica.writtenAt.get(name) ?? 0) > stamp) return;
    replica.writtenAt.set(name, stamp);
    const engine = this.#engineOf(replica.address);
    const TableName = replica.address.table;
    if (image === undefined) await engine.call('DeleteItem', { TableName, Key: key });
    else await engine.call('PutItem', { TableName, Item: image });
  }
}

const nameOf = (account: string, table: string): string => `${account}/${table}`;

function keyOf({ keyNames }: Group, item: Json): Json {
  return Object.fromEntries(keyNames.map((name) => [name, item[name]]));
}

const textOf = ({ keyNames }: Group, key: Json): string => JSON.stringify(keyNames.map((name) => key[name]));

function inLine<T>(replica: Replica, task: () => Promise<T>): Promise<T> {
  const result = replica.tail.then(task, task);
  replica.tail = result.catch(() => undefined);
  return result;
}
