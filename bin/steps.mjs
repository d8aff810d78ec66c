/** Runs checks one after another, shows each with its time, and counts them. */
import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideDynamodbLocal, dynamodbLocalSkip } from './dynamodb-local.mjs';
import { nodeBinary, projectFolder } from './install.mjs';
import { lintEnvironment } from './lint-templates.mjs';

const tool = (path) => join('node_modules', path);

/** Every static check of the house, in the order of their speed. */
export const staticSteps = [
  {
    name: 'format and lint',
    parameters: [tool('@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings', '.'],
  },
  { name: 'types', parameters: [tool('typescript-7/bin/tsc'), '-p', '.'] },
  { name: 'import rules', parameters: ['test/tidy/import-rules.mjs'] },
  { name: 'unused code', parameters: [tool('knip/bin/knip.js')] },
];

/** Runs the steps; a step that fails prints its output and does not stop the others. */
export async function runSteps(steps) {
  const totals = { passed: 0, failed: 0 };
  for (const step of steps) {
    const startedAt = Date.now();
    const { code, output } = await run(step.parameters, { command: step.command, env: step.env });
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'}  ${step.name} (${seconds} s)\n`);
    if (code !== 0) process.stdout.write(`${output}\n`);
    totals[code === 0 ? 'passed' : 'failed'] += 1;
  }
  return totals;
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

/** The store suites on AWS's own engine, or one line that says why not. */
export async function runSecondOpinion() {
  const skip = dynamodbLocalSkip();
  if (skip !== undefined) {
    process.stdout.write(`skip  stores on DynamoDB Local: ${skip}\n`);
    return { skipped: 1 };
  }
  const tests = `"${nodeBinary()}" ${tool('vitest/vitest.mjs')} run test/adapters/aws/dynamodb- -t "DynamoDB Local"`;
  const parameters = ['-rn', 'sh', '-c', besideDynamodbLocal(tests)];
  return await runSteps([{ name: 'stores on DynamoDB Local', command: 'unshare', parameters }]);
}

/** cfn-lint over the example's templates, or one line that says why not. */
export async function runTemplateLint() {
  const { skip } = lintEnvironment();
  if (skip !== undefined) {
    process.stdout.write(`skip  cfn-lint over every template: ${skip}\n`);
    return { skipped: 1 };
  }
  return await runSteps([{ name: 'cfn-lint over every template', parameters: ['bin/lint-templates.mjs'] }]);
}

/**
 * The bundles under AWS's own client of the Runtime API, or one line that says why not.
 *
 * @param building what `buildRuntimeClient` answers
 */
export async function runUnderAwsClient(building) {
  const name = "functions under AWS's runtime client";
  const { skip, failure, file } = await building;
  if (skip !== undefined) {
    process.stdout.write(`skip  ${name}: ${skip}\n`);
    return { skipped: 1 };
  }
  if (failure !== undefined) {
    process.stdout.write(`FAIL  ${name}: it could not be built\n${failure}\n`);
    return { failed: 1 };
  }
  const files = ['runtime-clients', 'gateway-under-clients'].map((test) => `test/deployed/${test}`);
  const parameters = [tool('vitest/vitest.mjs'), 'run', ...files, '-t', 'aws-lambda-ric'];
  return await runSteps([{ name, parameters, env: { AWS_LAMBDA_RIC: file } }]);
}

/** The closing line, plain and alone, and the exit code that goes with it. */
export function finish(...parts) {
  const sum = (key) => parts.reduce((total, part) => total + (part[key] ?? 0), 0);
  const skipped = sum('skipped');
  process.stdout.write(
    `\n${sum('passed')} passed, ${sum('failed')} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`,
  );
  process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
}
