import { defineConfig } from 'vitest/config';

/** Unit projects need no server; the others talk to real servers on loopback. */
const unit = ['core', 'contract', 'usecases', 'serving-model', 'lambdas', 'tidy'];
const loopback = [
  'adapters',
  'local',
  'server',
  'runtime',
  'cli',
  'lib',
  'bin',
  'local-mode',
  'main-job',
  'deployed',
  'bench',
];

export default defineConfig({
  test: {
    passWithNoTests: false,
    // CI has two cores, and the tests against real servers mostly wait.
    maxWorkers: 3,
    projects: [
      {
        test: {
          name: 'unit',
          // Nothing here keeps state or replaces modules: loading them once a worker is enough.
          isolate: false,
          setupFiles: ['test/property-seed.ts'],
          include: unit.map((folder) => `test/${folder}/**/*.test.ts`),
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'loopback',
          setupFiles: ['test/property-seed.ts'],
          include: loopback.map((folder) => `test/${folder}/**/*.test.ts`),
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A machine that pauses is no defect of the product. `npm test` names every test that needed it.
          retry: 1,
        },
      },
    ],
  },
});
