/**
 * What the control plane takes over the local AWS: milliseconds, calls, bytes of log and sizes of items of a discovery
 * of each place of the example, and of a plan. The figures that `spillway plan-deploy` reckons with come from here.
 * `node bench/control-runs.ts [rounds]`
 *
 * Not included: the way to AWS and what AWS's own APIs take (by far the larger part there), the slower processor of a
 * small function, and its start.
 */

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { tableName } from '#contract/resources.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { deployLocally, localCredentials } from '#test/builders/local-deployment.ts';

interface JournalEntry {
  readonly service: string;
  readonly operation: string;
}

const rounds = Number(process.argv[2] ?? 20);
const config = acmeConfig();
const deployment = await deployLocally(config);
try {
  const { control, lines } = deployment;
  const first = await timed(() => deployment.discoverAll());
  await control.plan();
  await deployment.local('DELETE', '/_local/journal');
  const before = lines.length;
  const discoveries: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    for (const place of control.setting.accountRegions)
      discoveries.push(await timed(() => control.discover(place)));
  const runs = discoveries.length;
  const logBytes = lines.slice(before).reduce((sum, line) => sum + line.length, 0) / runs;
  const calls = await journalled();
  const plans: number[] = [];
  for (let round = 0; round < rounds; round += 1) plans.push(await timed(() => control.plan()));
  const planCalls = (await journalled()).slice(calls.length);
  console.log(`discovery, ${runs} runs over ${control.setting.accountRegions.length} places`);
  console.log(`  took ${figures(discoveries)}; the first ones side by side ${first.toFixed(0)} ms`);
  console.log(`  log ${logBytes.toFixed(0)} bytes a run; calls a run:`);
  for (const line of callsPerRun(calls, runs)) console.log(`    ${line}`);
  console.log(`plan, ${plans.length} runs that changed nothing`);
  console.log(`  took ${figures(plans)}; calls a run:`);
  for (const line of callsPerRun(planCalls, plans.length)) console.log(`    ${line}`);
  for (const kind of ['observations', 'routes'] as const) console.log(`${kind}: ${await tableSizes(kind)}`);
} finally {
  await deployment.close();
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await work();
  return performance.now() - startedMs;
}

function figures(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

async function journalled(): Promise<readonly JournalEntry[]> {
  return (await deployment.local('GET', '/_local/journal')) as readonly JournalEntry[];
}

function callsPerRun(entries: readonly JournalEntry[], runs: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const { service, operation } of entries) {
    const name = `${service} ${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort().map(([name, count]) => `${name} ${(count / runs).toFixed(2)}`);
}

async function tableSizes(kind: 'observations' | 'routes'): Promise<string> {
  const { account, region } = config.home;
  const client = new DynamoDBClient({
    endpoint: deployment.url,
    region,
    credentials: localCredentials(account),
  });
  try {
    const { Items: items = [] } = await client.send(
      new ScanCommand({ TableName: tableName(config.name, kind) }),
    );
    const sizes = items.map(itemBytes).sort((left, right) => left - right);
    const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
    return `${sizes.length} items of ${sizes[0]} to ${sizes.at(-1)} bytes, ${total} in all`;
  } finally {
    client.destroy();
  }
}

/** As DynamoDB counts: names and values, three bytes and one each for a list or map. */
function itemBytes(item: Readonly<Record<string, AttributeValue>>): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + name.length + valueBytes(value), 0);
}

function valueBytes(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return Math.ceil(value.N.length / 2) + 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.L !== undefined) return 3 + value.L.reduce((sum, each) => sum + 1 + valueBytes(each), 0);
  if (value.M !== undefined) return 3 + itemBytes(value.M) + Object.keys(value.M).length;
  return 1;
}
