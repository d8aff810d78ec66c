import { defaultUsage, type Usage } from '#core/deploy-cost/usage.ts';
import { type Command, printJson } from './command.ts';
import { numberOf } from './order-options.ts';
import type { CommandLine } from './parse-command-line.ts';
import { drawDeployment } from './plan-deploy/draw-deployment.ts';
import { makeDeploymentPlan } from './plan-deploy/make-deployment-plan.ts';
import { readSynthContext } from './plan-deploy/read-synth-context.ts';
import { UsageError } from './usage-error.ts';

export const planDeploy: Command = {
  spec: {
    name: 'plan-deploy',
    synopsis: '[--requests <n>] [--context <name=value>]',
    summary:
      'Says what a deployment gives each account, stack by stack, and what it costs a month, item by item: counted in the templates that npx cdk deploy would use, at prices of data/aws-prices.json. Asks no AWS account.',
    positionals: [],
    options: {
      requests: { type: 'string', value: '<n>', help: 'of all gateways a month (default: 1000000)' },
      'answer-ms': { type: 'string', value: '<n>', help: 'a request keeps its function (default: 5000)' },
      'discovery-run-ms': { type: 'string', value: '<n>', help: 'a run of discovery (default: 3000)' },
      changes: {
        type: 'string',
        value: '<n>',
        help: 'a month that discovery sees in an account and region (default: 30)',
      },
      releases: { type: 'string', value: '<n>', help: 'a month by a pipeline (default: 4)' },
      context: {
        type: 'string',
        multiple: true,
        value: '<name=value>',
        help: 'as -c of npx cdk deploy; may be repeated',
      },
    },
    notes: [
      'Every quantity that no template tells is an assumption, and printed with where it comes from.',
      'Exit code 1: something that costs money has no price here, and is named.',
    ],
  },
  async run(context) {
    const { line, terminal } = context;
    const plan = await makeDeploymentPlan(context, readUsage(line), readSynthContext(line));
    if (line.flag('json')) printJson(terminal, plan);
    else terminal.print(...drawDeployment(plan, terminal));
    return plan.bill.notPriced.length === 0 ? 0 : 1;
  },
};

const WHOLE_NUMBER_MAX = 1_000_000_000_000;

/** Every option that is no number at once. */
function readUsage(line: CommandLine): Usage {
  const wrong: string[] = [];
  const whole = (name: string, otherwise: number): number => {
    const text = line.text(name);
    if (text === undefined) return otherwise;
    const value = numberOf(text);
    if (Number.isInteger(value) && value >= 0 && value <= WHOLE_NUMBER_MAX) return value;
    wrong.push(`--${name} must be a whole number from 0 to ${WHOLE_NUMBER_MAX}, got "${text}"`);
    return otherwise;
  };
  const { requests, answerMs, runMs, changesPerPlace, releases } = defaultUsage;
  const usage: Usage = {
    requests: whole('requests', requests),
    answerMs: whole('answer-ms', answerMs),
    runMs: { ...runMs, discover: whole('discovery-run-ms', runMs.discover) },
    changesPerPlace: whole('changes', changesPerPlace),
    releases: whole('releases', releases),
  };
  if (wrong.length > 0) throw new UsageError(wrong.join('; '));
  return usage;
}
