/** A program in the place of the CDK's command line, which writes down what it was called with. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface CdkStandIn {
  readonly program: string;
  /** What it was called with, call by call. */
  calls(): readonly (readonly string[])[];
  close(): void;
}

/**
 * @param failing a word in whose company it ends with exit code 1
 * @param hanging a word in whose company it ends with nothing but a signal
 */
export function createCdkStandIn(failing?: string, hanging?: string): CdkStandIn {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-cdk-stand-in-'));
  const program = join(folder, 'cdk.mjs');
  const record = join(folder, 'calls');
  writeFileSync(record, '');
  writeFileSync(
    program,
    `import { appendFileSync } from 'node:fs';
const given = process.argv.slice(2);
appendFileSync(${JSON.stringify(record)}, JSON.stringify(given) + '\\n');
console.log('cdk ' + given[0]);
if (given.includes(${JSON.stringify(hanging ?? '')})) setInterval(() => undefined, 1_000);
process.exitCode = given.includes(${JSON.stringify(failing ?? '')}) ? 1 : 0;
`,
  );
  return {
    program,
    calls: () =>
      readFileSync(record, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
