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

const project = new URL('../../', import.meta.url);

const programs = [
  ...readdirSync(new URL('lambdas/', project)).map((name) => `lambdas/${name}/handler.ts`),
  'src/cli/main.ts',
  'src/local-mode/main.ts',
];

/** The calls of adapters that a function, the command line or local mode loads, as `file operation`. */
export function callsInSource(): readonly string[] {
  const loaded = new Set<string>();
  for (const program of programs) load(program, loaded);
  const adapters = [...loaded].filter((file) => file.startsWith('src/adapters/aws/'));
  return adapters.flatMap((path) => {
    const file = path.slice('src/adapters/aws/'.length);
    return [...operationsIn(file, sourceOf(path))].map((operation) => `${file} ${operation}`);
  });
}

const sourceOf = (path: string): string => readFileSync(new URL(path, project), 'utf8');

/** What a module imports, at once or when it is asked to, and all that follows from it; types are nothing at run time. */
function load(path: string, loaded: Set<string>): void {
  if (loaded.has(path)) return;
  loaded.add(path);
  const imports = sourceOf(path).matchAll(
    /^(?:import|export)(?! type)[^;']*'([^']+\.ts)'|import\('([^']+\.ts)'\)/gm,
  );
  for (const [, now, later] of imports) load(pathOf(now ?? later ?? '', path), loaded);
}

function pathOf(specifier: string, from: string): string {
  if (specifier.startsWith('.'))
    return new URL(specifier, new URL(from, project)).href.slice(project.href.length);
  return specifier.replace(/^#(lambdas|local|data)\//, '$1/').replace(/^#/, 'src/');
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
