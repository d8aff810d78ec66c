/** The import rules of docs/ARCHITECTURE.md. `test/tidy/import-rules.mjs` runs them and fails on an empty cruise. */
const src = [
  'contract',
  'core',
  'usecases',
  'adapters',
  'runtime',
  'server',
  'cli',
  'local-mode',
  'serving-model',
  'simulator',
];
const folderOf = (layer) => (src.includes(layer) ? `src/${layer}` : layer);
const layers = {
  contract: [],
  core: [],
  usecases: ['core', 'contract'],
  adapters: ['usecases', 'core', 'contract'],
  runtime: ['adapters', 'usecases', 'core', 'contract', 'data'],
  server: ['runtime', 'usecases', 'core', 'contract'],
  lambdas: ['server', 'runtime', 'usecases', 'core', 'contract'],
  cli: ['runtime', 'usecases', 'core', 'contract', 'data', 'scripts', 'simulator'],
  'serving-model': [],
  // Of the adapters only those in memory: the rule below.
  simulator: ['adapters', 'usecases', 'core', 'contract', 'serving-model'],
  'local-mode': [
    'local',
    'lambdas',
    'server',
    'runtime',
    'cli',
    'usecases',
    'core',
    'contract',
    'data',
    'scripts',
  ],
  local: ['serving-model', 'data'],
  // Builds for a browser: what it shares with the product is words on the wire.
  console: ['contract'],
  lib: ['contract', 'core', 'scripts'],
  bin: ['lib', 'runtime', 'contract', 'core'],
  scripts: ['core', 'contract', 'data'],
  examples: ['contract'],
  data: [],
  bench: [
    'simulator',
    'serving-model',
    'core',
    'usecases',
    'adapters',
    'runtime',
    'server',
    'contract',
    'local',
    'data',
    'lib',
    'scripts',
  ],
};
const names = Object.keys(layers);
const onlyAllowedLayers = names.map((from) => ({
  name: `${from}-imports-only-${layers[from].join('+') || 'itself'}`,
  severity: 'error',
  from: { path: `^${folderOf(from)}/` },
  to: {
    path: `^(${names
      .filter((name) => name !== from && !layers[from].includes(name))
      .map(folderOf)
      .join('|')})/`,
  },
}));
const packages = (name, from, allowed) => ({
  name,
  severity: 'error',
  from: { path: from },
  to: {
    dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'core'],
    ...(allowed ? { pathNot: allowed } : {}),
  },
});
module.exports = {
  forbidden: [
    ...onlyAllowedLayers,
    {
      name: 'simulator-knows-adapters-in-memory-only',
      severity: 'error',
      from: { path: '^src/simulator/' },
      to: { path: '^src/adapters/(?!memory/)' },
    },
    packages('core-is-pure', '^src/core/'),
    packages('simulator-is-pure', '^src/simulator/'),
    packages('serving-model-is-pure', '^src/serving-model/'),
    packages('usecases-are-pure', '^src/usecases/'),
    packages('contract-may-use-only-zod', '^src/contract/', 'node_modules/zod/'),
    packages('console-may-use-only-preact-and-uplot', '^console/', 'node_modules/(preact|uplot)/'),
    {
      name: 'sdk-lives-in-adapters-aws',
      severity: 'error',
      from: { pathNot: '^(src/adapters/aws|test|local|bench)/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|undici)/' },
    },
    {
      name: 'cdk-lives-in-lib-and-bin',
      severity: 'error',
      from: { pathNot: '^(lib|bin|test|bench)/' },
      to: { path: 'node_modules/(aws-cdk-lib|constructs|cdk-nag)/' },
    },
    {
      name: 'one-lambda-never-imports-another',
      severity: 'error',
      from: { path: '^lambdas/([^/]+)/' },
      to: { path: '^lambdas/', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^test/' },
    },
    {
      name: 'nobody-imports-local-mode',
      severity: 'error',
      from: { pathNot: '^(src/local-mode|test|bin)/' },
      to: { path: '^src/local-mode/' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, pathNot: '(^(bin|test|examples|data|bench|scripts)/|\\.cjs$|\\.config\\.ts$)' },
      to: {},
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(dependency-cruiser|@middy/core)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
