import { waveKinds } from '#core/deploy-waves/wave-plan.ts';
import { type Command, printJson } from './command.ts';
import { carryOut } from './deploy-waves/carry-out.ts';
import { chooseWaves } from './deploy-waves/choose-waves.ts';
import { drawOutcome, drawWaves } from './deploy-waves/draw-waves.ts';

export const deployWaves: Command = {
  spec: {
    name: 'deploy-waves',
    synopsis: '[--run --profile <profile> …] [--first <region>] [--from <wave> | --only <wave>]',
    summary:
      'Says in which waves a deployment goes out: keys and state, then control and access, then one region, one of each geography, all others, and names last. With --run deploys them with npx cdk deploy, watches the alarms of each wave while it bakes, and stops at the first that goes off.',
    positionals: [],
    options: {
      run: { type: 'boolean', help: 'deploy; without it only the plan is printed' },
      first: {
        type: 'string',
        value: '<region>',
        help: 'region of the first regional wave (default: a gateway’s away from home)',
      },
      from: { type: 'string', value: '<wave>', help: 'begin with this wave: those before it are deployed' },
      only: { type: 'string', value: '<wave>', help: 'this wave alone' },
      'bake-minutes': {
        type: 'string',
        value: '<n>',
        help: 'alarms are watched after each wave, 0 to 1440 (default: 10)',
      },
      'readers-first': {
        type: 'boolean',
        help: 'regions before state: where tables are to turn from DynamoDB’s own keys to those of the deployment',
      },
      assembly: {
        type: 'string',
        value: '<folder>',
        help: 'deploy what npx cdk synth -o made there (default: templates are made now)',
      },
      'lookup-roles': {
        type: 'boolean',
        help: 'with --assembly: alarms are read under the CDK’s look-up roles, not under --profile',
      },
      expect: {
        type: 'string',
        value: '<waves>',
        help: `refuse a plan of other waves than these, such as ${waveKinds.slice(0, 3).join(',')}`,
      },
      context: {
        type: 'string',
        multiple: true,
        value: '<name=value>',
        help: 'as -c of npx cdk deploy; may be repeated',
      },
    },
    notes: [
      'Exit code 1: a stack failed, an alarm went off, or alarms could not be read; nothing behind it was deployed.',
      'Whoever interrupts it (Ctrl-C) is told how to go on; what CloudFormation has begun goes on by itself.',
      'The CDK takes its credentials as npx cdk deploy does; alarms are read under --profile, one for each account.',
      'To go back, run the same from the version before: docs/guides/upgrade.md.',
      'No stack is removed: in which order those of a region go that leaves is in docs/guides/upgrade.md too.',
    ],
  },
  async run(context) {
    const { line, terminal } = context;
    const chosen = await chooseWaves(context);
    if (!line.flag('run')) {
      if (line.flag('json')) printJson(terminal, { waves: chosen.waves });
      else terminal.print(...drawWaves(context, chosen));
      return 0;
    }
    const outcome = await carryOut(context, chosen);
    if (line.flag('json')) printJson(terminal, outcome);
    else terminal.print(...drawOutcome(outcome, terminal));
    return outcome.kind === 'complete' ? 0 : 1;
  },
};
