import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Unit projects need no server; the others talk to real servers on loopback. */
const unit = ['core', 'contract', 'usecases', 'serving-model', 'simulator', 'lambdas', 'console', 'tidy'];
const loopback = ['adapters', 'local', 'server', 'runtime', 'cli', 'lib', 'bin', 'local-mode', 'bench'];

/** Unit tests that try thousands of worlds or build bundles: more than two seconds of processor time each. Not in `check`. */
const thorough = [
  'core/alarms/alarm-table',
  'core/audit/check-chain',
  'core/audit/replay-decision.property',
  'core/decide/plain-decide.property',
  'core/kv/kv-admission',
  'core/permissions/residency-policy',
  'core/tokens/measure-text',
  'lambdas/gateway/bundle-parts',
  'lambdas/gateway/handler',
  'usecases/audit-proof/gateway-records.property',
  'usecases/capacity/block-capacity-ledger',
  'usecases/capacity/paged-capacity-ledger',
  'usecases/discover/ask-quotas',
  'usecases/gateway/dialects/pass-through.property',
  'usecases/gateway/dialects/server-sent-events',
  'usecases/gateway/embeddings.property',
  'usecases/gateway/health-sharing',
  'usecases/plan/catalogue-replay',
].map((name) => `test/${name}.test.ts`);

const testsIn = (folders: readonly string[]): string[] =>
  folders.map((folder) => `test/${folder}/**/*.test.ts`);

/** Whole worlds, and what replaces what all of a process shares or measures its memory: each has a process to itself. */
const alone = [
  ...testsIn(['main-job', 'deployed']),
  'test/adapters/aws/profile-credentials.test.ts',
  'test/adapters/system/coarse-timer.test.ts',
  'test/adapters/system/garbage-collection.test.ts',
  'test/adapters/system/hmac-key-hasher.test.ts',
  'test/bench/gateway/heap-census.test.ts',
  'test/server/reader-pace.test.ts',
];

/** They take longest by far, in this order. Begun last, one of them would run alone while the other core rests. */
const longest = [
  'main-job/garbage',
  'main-job/fault-battery',
  'main-job/mutants',
  'main-job/discovery-scale',
  'main-job/start',
  'deployed/upgrade',
  'deployed/fleet',
  'deployed/lambda-hazards',
  'main-job/failing-targets',
  'main-job/static-stability',
  'adapters/aws/capacity-schedules',
  'main-job/replay-mutants',
  'main-job/slot-mutants',
  'main-job/residency.property',
  'main-job/retry-storm',
  'main-job/chains',
  'cli/plan-deploy',
  'cli/deploy-waves',
  'lib/synth',
];

/** The projects one after the other, as vitest has them, and the longest files of each before its others. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = Map.groupBy(sorted, ({ project }) => project.name);
    return [...projects.values()].flatMap((group) => group.toSorted((a, b) => placeOf(a) - placeOf(b)));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
  return place === -1 ? longest.length : place;
}

const withoutServers = {
  // Nothing here keeps state or replaces modules: loading them once a worker is enough.
  isolate: false,
  setupFiles: ['test/property-seed.ts'],
  testTimeout: 60_000,
};

const onLoopback = {
  setupFiles: ['test/property-seed.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A machine that pauses is no defect of the product. `npm test` names every test that needed it.
  retry: 1,
};

/** The console in a real browser: a step of `npm test`, which names the browser's file. No other run has one. */
const pagesInChromium =
  process.env.CHROMIUM_FILE === undefined
    ? []
    : [
        {
          test: {
            ...onLoopback,
            name: 'pages',
            include: testsIn(['console-browser']),
            globalSetup: ['test/console-browser/global-setup.ts'],
          },
        },
      ];

export default defineConfig({
  test: {
    passWithNoTests: false,
    // CI has two cores, and the tests against real servers mostly wait.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { ...withoutServers, name: 'unit', include: testsIn(unit), exclude: thorough } },
      { test: { ...withoutServers, name: 'thorough', include: thorough } },
      {
        test: {
          ...onLoopback,
          name: 'loopback',
          // For most of these hundreds of files, loading the AWS SDK and the CDK takes longer than their tests.
          isolate: false,
          include: testsIn(loopback),
          exclude: alone,
        },
      },
      { test: { ...onLoopback, name: 'alone', include: alone } },
      ...pagesInChromium,
    ],
  },
});
