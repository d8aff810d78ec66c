import { InvalidInput } from '../../wire/wire-error.ts';
import type { Engine, Json } from './engine.ts';
import { replicaUpdates } from './replica-updates.ts';
import type { TableAddress } from './table-address.ts';
import type { Tables } from './tables.ts';

/** AWS's own: a table stands in three regions of one of them. */
const regionSets: readonly (readonly string[])[] = [
  ['us-east-1', 'us-east-2', 'us-west-2'],
  ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1'],
  ['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'],
];
const members = 3;

interface ConsistencyUpdate {
  /** As the call says it; absent where it says nothing of it. */
  readonly consistency: unknown;
  readonly replicas: readonly Json[];
  readonly witnesses: readonly Json[];
}

/** What UpdateTable does with replicas, and with the consistency that they are made with. */
export async function globalTableUpdates(
  tables: Tables,
  source: TableAddress,
  update: ConsistencyUpdate,
): Promise<void> {
  const { consistency, replicas, witnesses } = update;
  const isStrong = tables.replication.isStrong(source);
  if (consistency === 'STRONG') {
    const problems = isStrong
      ? ['the consistency of a global table cannot be changed']
      : await strongProblems(tables, source, update);
    if (problems.length > 0) throw new InvalidInput(problems);
    await replicaUpdates(tables, source, replicas);
    tables.replication.makeStrong(source, createdRegions(witnesses)[0]);
    return;
  }
  if (consistency !== undefined && consistency !== 'EVENTUAL')
    throw new InvalidInput([`MultiRegionConsistency ${String(consistency)}: want EVENTUAL or STRONG`]);
  if (witnesses.length > 0)
    throw new InvalidInput(['GlobalTableWitnessUpdates come with MultiRegionConsistency STRONG alone']);
  if (isStrong && createdRegions(replicas).length > 0)
    throw new InvalidInput(['a strongly consistent global table takes no further replica']);
  await replicaUpdates(tables, source, replicas);
}

async function strongProblems(
  tables: Tables,
  source: TableAddress,
  { replicas, witnesses }: ConsistencyUpdate,
): Promise<string[]> {
  const others = [...createdRegions(replicas), ...createdRegions(witnesses)];
  const regions = [source.region, ...others];
  const description = await tables.describe(source);
  const problems: string[] = [];
  if (createdRegions(replicas).length === 0 || witnesses.length > 1 || new Set(regions).size !== members)
    problems.push(
      `a strongly consistent global table stands in three regions, with three replicas or two and a witness, got ${regions.join(', ')}`,
    );
  if (!regionSets.some((set) => regions.every((region) => set.includes(region))))
    problems.push(`${regions.join(', ')} are not of one set: ${regionSets.map(String).join('; ')}`);
  if (tables.replication.regionsOf(source).length > 0) problems.push('the table is a global one already');
  if (tables.book.of(source).timeToLive !== undefined)
    problems.push('a strongly consistent global table has no TimeToLive');
  if (description.LocalSecondaryIndexes !== undefined)
    problems.push('a strongly consistent global table has no LocalSecondaryIndexes');
  if (await hasItems(tables.engineOf(source), source.table))
    problems.push('a table becomes strongly consistent while it is empty');
  return problems;
}

const createdRegions = (updates: readonly Json[]): string[] =>
  updates.flatMap(({ Create }) => (Create === undefined ? [] : [String((Create as Json).RegionName)]));

async function hasItems(engine: Engine, TableName: string): Promise<boolean> {
  const { body } = await engine.call('Scan', { TableName, Limit: 1 });
  return ((body.Items ?? []) as unknown[]).length > 0;
}
