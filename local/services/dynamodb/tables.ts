import * as client from '@aws-sdk/client-dynamodb';
import { type CallContext, RawAnswer } from '../../service.ts';
import { InvalidInput, WireError } from '../../wire/wire-error.ts';
import { ChangeStreams } from './change-streams.ts';
import { Engine, type EngineAction, type EngineAnswer, type Json, knownMembers } from './engine.ts';
import { Replication } from './replication.ts';
import { policyAllows } from './resource-policy.ts';
import { arnOf, resolveTable, type TableAddress } from './table-address.ts';
import { TableBook } from './table-book.ts';

/** What the engine may leave out without harm: reports of capacity, and a wish that every read of it fulfils. */
const harmless: ReadonlySet<string> = new Set([
  'ReturnConsumedCapacity',
  'ReturnItemCollectionMetrics',
  'ConsistentRead',
]);

/** All tables of all accounts and regions, with who may reach them. */
export class Tables {
  readonly book = new TableBook();
  readonly replication = new Replication((address) => this.engineOf(address));
  readonly streams = new ChangeStreams(
    (address) => this.engineOf(address),
    (address) => this.book.of(address),
  );
  /** Whether IAM was judged before: then nobody is asked again here. */
  readonly isGuarded: boolean;
  readonly #engines = new Map<string, Engine>();

  constructor(isGuarded = false) {
    this.isGuarded = isGuarded;
  }

  engineOf({ account, region }: { readonly account: string; readonly region: string }): Engine {
    const place = `${account}/${region}`;
    let engine = this.#engines.get(place);
    if (engine === undefined) {
      engine = new Engine(account, region);
      this.#engines.set(place, engine);
    }
    return engine;
  }

  /** The table a caller means, where it may do what it wants there. Throws AccessDeniedException. */
  reach(name: unknown, context: CallContext): TableAddress {
    const address = resolveTable(String(name ?? ''), context);
    if (this.isGuarded || address.account === context.account) return address;
    const resourceArn = arnOf(address);
    const action = `dynamodb:${context.operation}`;
    const policy = this.book.policyOf(address);
    const { account, caller } = context;
    if (policy !== undefined && policyAllows(policy, { account, caller, action, resourceArn }))
      return address;
    throw new WireError(
      'AccessDeniedException',
      400,
      `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resourceArn} ` +
        'because no resource-based policy allows the action',
    );
  }

  /** Runs a write: it goes into the table's stream, where there is one, and on its way to the replicas. */
  write(
    address: TableAddress,
    items: readonly Json[],
    run: () => Promise<EngineAnswer>,
  ): Promise<EngineAnswer> {
    const written = () => this.replication.write(address, items, run);
    return this.streams.isOpen(address) ? this.streams.watch(address, items, written) : written();
  }

  async describe(address: TableAddress): Promise<Json> {
    const answer = await this.engineOf(address).call('DescribeTable', { TableName: address.table });
    const table = answer.body.Table as Json | undefined;
    if (answer.status === 200 && table !== undefined) return this.decorate(address, table);
    throw new client.ResourceNotFoundException({
      message: `Requested resource not found: Table: ${address.table} not found`,
      $metadata: {},
    });
  }

  /** Adds to the engine's description what is remembered beside it. */
  decorate(address: TableAddress, table: Json): Json {
    const settings = this.book.of(address);
    const others = this.replication.regionsOf(address).filter((region) => region !== address.region);
    const replicas = others.map((RegionName) => ({ RegionName, ReplicaStatus: 'ACTIVE' }));
    return {
      ...table,
      ...settings.description,
      ...this.streams.described(address),
      DeletionProtectionEnabled: settings.deletionProtected,
      ...(replicas.length === 0 ? {} : { Replicas: replicas, GlobalTableVersion: '2019.11.21' }),
      ...this.#consistencyOf(address),
    };
  }

  #consistencyOf(address: TableAddress): Json {
    if (!this.replication.isStrong(address)) return {};
    const witness = this.replication.witnessOf(address);
    const witnesses = witness === undefined ? [] : [{ RegionName: witness, WitnessStatus: 'ACTIVE' }];
    return { MultiRegionConsistency: 'STRONG', GlobalTableWitnesses: witnesses };
  }

  async close(): Promise<void> {
    this.replication.close();
    await Promise.all([...this.#engines.values()].map((engine) => engine.close()));
  }
}

/** The signed body itself, which the wire layer has checked against the model: the engine speaks the same JSON. */
export function bodyOf(context: CallContext): Json {
  return JSON.parse(Buffer.from(context.body).toString()) as Json;
}

/** Refuses members that the model has and the engine would drop without a word. */
export function refuseUnsupported(action: EngineAction, input: Json): void {
  const known = knownMembers(action);
  const dropped = Object.keys(input).filter(
    (name) => input[name] !== null && !known.has(name) && !harmless.has(name),
  );
  if (dropped.length > 0) {
    throw new InvalidInput(dropped.map((name) => `${name} of ${action} is not offered by the local AWS`));
  }
}

export function rawAnswer({ status, body }: EngineAnswer): RawAnswer {
  const type = typeof body.__type === 'string' ? body.__type.split('#').at(-1) : undefined;
  return new RawAnswer(status, JSON.stringify(body), status === 200 ? undefined : type);
}
