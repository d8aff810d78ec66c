import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { drawPlan } from './capacity-plan/draw-plan.ts';
import { drawPlanSvg } from './capacity-plan/draw-plan-svg.ts';
import { makePlan } from './capacity-plan/make-plan.ts';
import { planJson } from './capacity-plan/plan-json.ts';
import { type Command, printJson } from './command.ts';
import { CommandFailure } from './usage-error.ts';

export const capacityPlan: Command = {
  spec: {
    name: 'capacity plan',
    synopsis: '<model> (--trace <file> | --from-metrics | --requests-per-second <n> …)',
    summary:
      'Says how many copies of which instance type carry a traffic: requests and memory of a copy, the share that spills to serverless targets inside the residency, what a month costs beside serverless alone, and the curve around the cheapest.',
    positionals: ['model'],
    options: {
      residency: { type: 'string', value: '<name>', help: 'of the traffic (default: the only one)' },
      region: { type: 'string', value: '<region>', help: 'where copies stand (default: the endpoint’s)' },
      trace: { type: 'string', value: '<file>', help: 'a CSV of calls, or one with .gz' },
      columns: {
        type: 'string',
        value: '<names>',
        help: 'default: arrival=arrival_s,input=input_tokens,output=output_tokens',
      },
      'arrival-unit': {
        type: 'string',
        value: '<unit>',
        help: 'seconds (default), milliseconds or date',
      },
      'bin-seconds': {
        type: 'string',
        value: '<n>',
        help: 'calls of a trace come evenly in so long (default: 60)',
      },
      'from-metrics': { type: 'boolean', help: 'what the gateways counted, from CloudWatch' },
      days: { type: 'string', value: '<n>', help: 'of metrics, 1 to 60 (default: 7)' },
      'requests-per-second': { type: 'string', value: '<n>', help: 'the mean of a day' },
      'input-tokens': { type: 'string', value: '<n>', help: 'of a mean call' },
      'output-tokens': { type: 'string', value: '<n>', help: 'of a mean call' },
      'peak-factor': {
        type: 'string',
        value: '<n>',
        help: 'busiest hour over the mean, 1 to 24 (default: 1)',
      },
      'first-token-p95-ms': {
        type: 'string',
        value: '<n>',
        help: 'promised (default: MLPerf’s of that size)',
      },
      'token-p95-ms': { type: 'string', value: '<n>', help: 'promised for later tokens (default: MLPerf’s)' },
      'spill-share-max': {
        type: 'string',
        value: '<n>',
        help: '0 to 1 (default: 1; 0.05 where serverless is known to be too slow, 0.001 where none is lawful)',
      },
      engine: {
        type: 'string',
        value: '<name>',
        help: 'one of spillway capacity engines (default: the endpoint’s)',
      },
      'instance-type': {
        type: 'string',
        multiple: true,
        value: '<type>',
        help: 'may be repeated (default: the endpoint’s, and where the engine was measured)',
      },
      'gpus-per-copy': {
        type: 'string',
        value: '<n>',
        help: 'of the instance’s (default: as measured, else all)',
      },
      'kv-tokens-per-copy': { type: 'string', value: '<n>', help: 'what the engine says that it has' },
      'prefill-tokens-per-second': { type: 'string', value: '<n>', help: 'your own measurement' },
      'output-token-ms': {
        type: 'string',
        value: '<pairs>',
        help: 'your own measurement, requests:milliseconds, such as 1:27,32:46.5',
      },
      'instance-usd-per-hour': { type: 'string', value: '<n>', help: 'your own price' },
      'input-usd-per-million': { type: 'string', value: '<n>', help: 'your own price of serverless tokens' },
      'output-usd-per-million': { type: 'string', value: '<n>', help: 'your own price of serverless tokens' },
      svg: { type: 'string', value: '<file>', help: 'write the curve as a picture' },
    },
    notes: [
      'Exit code 1: nothing is known to keep the promise with the share that may spill.',
      'Where which engine was measured, and by whom: spillway capacity engines.',
      'Speeds and prices are measured or published ones of data/hosting.json; what nobody measured is not guessed.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const made = await makePlan(context);
    const file = line.text('svg');
    if (file !== undefined) save(resolve(runtime.folder, file), drawPlanSvg(made));
    if (line.flag('json')) printJson(terminal, planJson(made));
    else terminal.print(...drawPlan(made, terminal));
    return made.holds ? 0 : 1;
  },
};

function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new CommandFailure(
      `${file} cannot be written (${error instanceof Error ? error.message : 'unknown'}). Name another with --svg.`,
      error,
    );
  }
}
