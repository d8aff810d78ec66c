/** The calls to AWS that stand in the source of the product's adapters. */
import { readdirSync, readFileSync } from 'node:fs';

/** What a store's table is asked for, and what the SDK then sends. */
const tableMethods: Readonly<Record<string, string>> = {
  get: 'GetItem',
  getMany: 'BatchGetItem',
  query: 'Query',
  scan: 'Scan',
  put: 'PutItem',
  writeMany: 'BatchWriteItem',
  delete: 'DeleteItem',
};

/** The calls that stand in src/adapters/aws, as `file operation`, sorted. */
export function callsInSource(): readonly string[] {
  const folder = new URL('../../src/adapters/aws/', import.meta.url);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const operations = operationsIn(file, readFileSync(new URL(file, folder), 'utf8'));
      return [...operations].sort().map((operation) => `${file} ${operation}`);
    });
}

function operationsIn(file: string, source: string): ReadonlySet<string> {
  // The table is the tool of the stores, which are read for how they use it.
  if (file === 'dynamodb-table.ts') return new Set();
  const sent = [...source.matchAll(/\bnew ([A-Z]\w+)Command\(|\bpaginate([A-Z]\w+)\(/g)];
  const tables = [...source.matchAll(/(\w+)(?: =|:) (?:createDynamodbTable|DynamodbTable)\b/g)];
  const used = tables.flatMap(([, name]) => [
    ...source.matchAll(new RegExp(`\\b${name}\\.(${Object.keys(tableMethods).join('|')})\\(`, 'g')),
  ]);
  return new Set([
    ...sent.map(([, command, paginated]) => command ?? paginated ?? ''),
    ...used.map(([, method]) => tableMethods[method ?? ''] ?? ''),
  ]);
}
