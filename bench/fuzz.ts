/**
 * Bent requests and bent answers of targets, in numbers: no crash, no hang, no defect, no call outside a residency, no
 * stream that ends without a word.
 *
 *     node bench/fuzz.ts                                      1,000,000 requests and 100,000 answers
 *     node bench/fuzz.ts --requests 10000 --answers 1000      fewer
 *     node bench/fuzz.ts --seed 7 --json                      another run; the same seed is the same run
 */
import { parseArgs } from 'node:util';
import { type FuzzTally, fuzzRequests } from '#test/fuzz/fuzz-requests.ts';
import { fuzzUpstream } from '#test/fuzz/fuzz-upstream.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '20261121' },
    requests: { type: 'string', default: '1000000' },
    answers: { type: 'string', default: '100000' },
    json: { type: 'boolean', default: false },
  },
});

const seed = wholeNumber('seed');
const requests = wholeNumber('requests');
const answers = wholeNumber('answers');
const parts = [
  ['requests', (onProgress: Progress) => fuzzRequests({ seed, requests, onProgress })],
  ['answers of targets', (onProgress: Progress) => fuzzUpstream({ seed, answers, onProgress })],
] as const;

type Progress = (done: number) => void;

const results: Record<string, FuzzTally & { readonly seconds: number }> = {};
for (const [name, run] of parts) {
  const startedMs = performance.now();
  const tally = await run((done) => progress(`${name}: ${done}`));
  results[name] = { ...tally, seconds: Math.round((performance.now() - startedMs) / 1000) };
}
progress('');
if (values.json) console.log(JSON.stringify({ seed, results }));
else printed();
process.exitCode = Object.values(results).every(({ findings }) => findings.length === 0) ? 0 : 1;

function printed(): void {
  for (const [name, { statuses, calls, findings, seconds }] of Object.entries(results)) {
    const counts = Object.entries(statuses).map(([status, count]) => `${status} × ${count}`);
    console.log(`${name}: seed ${seed}, ${seconds} s, ${calls} calls, answered ${counts.join(', ')}`);
    console.log(findings.length === 0 ? '  nothing found' : '');
    for (const { index, complaint, request } of findings)
      console.log(`  #${index} ${complaint}\n    ${request}`);
  }
}

function wholeNumber(name: 'seed' | 'requests' | 'answers'): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  console.error(`--${name} takes a whole number of 0 or more, not ${values[name]}`);
  process.exit(2);
}

function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${line}`);
}
