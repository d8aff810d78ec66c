/** Runs checks beside each other, shows each with its time when it ends, and counts them. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareChromium } from './chromium.mjs';
import { besideDynamodbLocal, dynamodbLocalSkip } from './dynamodb-local.mjs';
import { nodeBinary, projectFolder } from './install.mjs';
import { buildRuntimeClient } from './lambda-runtime-client.mjs';
import { lintEnvironment } from './lint-templates.mjs';

const tool = (path) => join('node_modules', path);

/**
 * The types of one TypeScript project. What it found stays beside the installed packages, so that the next run looks at
 * what changed only. One thread, because two steps run at a time: several check what they share several times over. The
 * garbage collector waits until the heap is five times what was in use: it took a third of the time, and frees little
 * of what a compiler holds.
 */
function typesOf(name, project) {
  const found = tool(`.cache/types-${project === '.' ? 'project' : project}.json`);
  const options = ['--singleThreaded', '--incremental', '--tsBuildInfoFile', join(projectFolder, found)];
  return {
    name,
    parameters: [tool('typescript-7/bin/tsc'), '-p', project, ...options],
    env: { GOGC: '400' },
  };
}

/** Every static check of the house, in the order of their speed. */
export const staticSteps = [
  {
    name: 'format and lint',
    parameters: [tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'],
  },
  typesOf('types', '.'),
  typesOf("the console's types", 'console'),
  { name: 'import rules', parameters: ['test/tidy/import-rules.mjs'] },
  { name: 'unused code', parameters: [tool('knip/bin/knip.js')] },
];

/** Steps under way at a time: as many as CI has processors. */
const STEPS_AT_ONCE = 2;

/**
 * Runs the steps, in their order as places come free, and tells each in one piece when it ends. One that fails prints its
 * output and does not stop the others.
 *
 * @param steps each with a name and either its `parameters` or `prepare`, which answers them, or why there is nothing to run
 */
export async function runSteps(steps) {
  const totals = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...steps];
  const takeTurns = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const { outcome, told } = await runStep(step);
      totals[outcome] += 1;
      process.stdout.write(`${told}\n`);
    }
  };
  await Promise.all(Array.from({ length: STEPS_AT_ONCE }, takeTurns));
  return totals;
}

async function runStep({ name, prepare, ...given }) {
  const startedAt = Date.now();
  const { skip, failure, parameters, ...options } = { ...given, ...(await prepare?.()) };
  if (skip !== undefined) return { outcome: 'skipped', told: `skip  ${name}: ${skip}` };
  const { code, output } =
    failure === undefined ? await run(parameters, options) : { code: 1, output: failure };
  const told = `${name} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`;
  if (code === 0) return { outcome: 'passed', told: `ok    ${told}` };
  return { outcome: 'failed', told: `FAIL  ${told}\n${output}` };
}

/** Runs vitest on the named projects (all of them without names) and counts its tests. */
export async function runTests(projects = [], filters = []) {
  const file = join(tmpdir(), `spillway-tests-${process.pid}.json`);
  const parameters = [
    tool('vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const { code } = await run([...parameters, ...projects.map((name) => `--project=${name}`), ...filters], {
    stdio: 'inherit',
  });
  let report;
  try {
    report = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    process.stdout.write(`FAIL  vitest left no report (exit ${code}): ${error.message}\n`);
    return { passed: 0, failed: 1, skipped: 0 };
  } finally {
    rmSync(file, { force: true });
  }
  nameSecondTries(report);
  const failed = report.numFailedTests;
  // A file that cannot be loaded, or an error outside any test, fails the run without failing a test.
  const unexplained = code !== 0 && failed === 0 ? 1 : 0;
  return { passed: report.numPassedTests, failed: failed + unexplained, skipped: report.numPendingTests };
}

/** Tests that failed once and passed then: nobody is to take them for sound. */
function nameSecondTries({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  for (const { status, fullName, failureMessages } of tests) {
    if (status !== 'passed' || failureMessages.length === 0) continue;
    const [first = ''] = String(failureMessages[0]).split('\n');
    process.stdout.write(`again ${fullName}: ${first}\n`);
  }
}

function run(parameters, { command = nodeBinary(), stdio = 'pipe', env = {} } = {}) {
  return new Promise((resolve) => {
    const options = { cwd: projectFolder, env: { ...process.env, ...env } };
    const child = spawn(command, parameters, { ...options, stdio: ['ignore', stdio, stdio] });
    const chunks = [];
    child.stdout?.on('data', (chunk) => chunks.push(chunk));
    child.stderr?.on('data', (chunk) => chunks.push(chunk));
    child.on('error', (error) => resolve({ code: 1, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }));
  });
}

/** The store suites on AWS's own engine. */
const secondOpinion = {
  name: 'stores on DynamoDB Local',
  prepare() {
    const skip = dynamodbLocalSkip();
    if (skip !== undefined) return { skip };
    const tests = `"${nodeBinary()}" ${tool('vitest/vitest.mjs')} run test/adapters/aws/dynamodb- -t "DynamoDB Local"`;
    return { command: 'unshare', parameters: ['-rn', 'sh', '-c', besideDynamodbLocal(tests)] };
  },
};

/** cfn-lint over the example's templates. */
const templateLint = {
  name: 'cfn-lint over every template',
  async prepare() {
    const { skip } = await lintEnvironment();
    return skip === undefined ? { parameters: ['bin/lint-templates.mjs'] } : { skip };
  },
};

/** The bundles under AWS's own client of the Runtime API. */
const underAwsClient = {
  name: "functions under AWS's runtime client",
  async prepare() {
    const { skip, failure, file } = await buildRuntimeClient();
    if (file === undefined) return { skip, failure: failure && `it could not be built\n${failure}` };
    const files = ['runtime-clients', 'gateway-under-clients'].map((test) => `test/deployed/${test}`);
    const parameters = [tool('vitest/vitest.mjs'), 'run', ...files, '-t', 'aws-lambda-ric'];
    return { parameters, env: { AWS_LAMBDA_RIC: file } };
  },
};

/** The console in a real browser, against one local mode. */
const pagesInChromium = {
  name: 'pages in Chromium',
  async prepare() {
    const { file, skip } = await prepareChromium();
    if (file === undefined) return { skip };
    // All files look at one local mode, and some of them break it.
    const parameters = [tool('vitest/vitest.mjs'), 'run', '--project=pages', '--no-file-parallelism'];
    return { parameters, env: { CHROMIUM_FILE: file } };
  },
};

/** Everything that `npm test` runs before its tests, the longest first, so that none is left to run alone. */
export const allSteps = [
  underAwsClient,
  pagesInChromium,
  templateLint,
  secondOpinion,
  ...[...staticSteps].reverse(),
];

/** The closing line, plain and alone, and the exit code that goes with it. */
export function finish(...parts) {
  const sum = (key) => parts.reduce((total, part) => total + (part[key] ?? 0), 0);
  const skipped = sum('skipped');
  process.stdout.write(
    `\n${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
  );
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}
