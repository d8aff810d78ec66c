import { relative } from 'node:path';
import { type Wave, wavePlan } from '#core/deploy-waves/wave-plan.ts';
import { runWaves, type WaveEvent, type WaveOutcome } from '#usecases/deploy/run-waves.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { awsUrl } from './open-deployment.ts';
import { numberOf } from './order-options.ts';
import type { CommandLine } from './parse-command-line.ts';
import { readSynthContext } from './plan-deploy/read-synth-context.ts';
import type { Terminal } from './terminal/terminal.ts';
import { wrapText } from './terminal/wrap-text.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const deployWaves: Command = {
  spec: {
    name: 'deploy-waves',
    synopsis: '[--run --profile <profile> …] [--first <region>] [--from <wave>]',
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
      'bake-minutes': {
        type: 'string',
        value: '<n>',
        help: 'alarms are watched after each wave, 0 to 1440 (default: 10)',
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
      'The CDK takes its credentials as npx cdk deploy does; alarms are read under --profile, one for each account.',
      'To go back, run the same from the version before: docs/guides/upgrade.md.',
    ],
  },
  async run(context) {
    const { line, terminal } = context;
    const { waves, file } = await planWaves(context);
    const from = line.text('from');
    const left = from === undefined ? waves : wavesFrom(waves, from);
    if (!line.flag('run')) {
      if (line.flag('json')) printJson(terminal, { waves: left });
      else terminal.print(...drawWaves(left, settingsOf(context, file), terminal));
      return 0;
    }
    const outcome = await deploy(context, left, file);
    if (line.flag('json')) printJson(terminal, outcome);
    else terminal.print(...drawOutcome(outcome, terminal));
    return outcome.kind === 'complete' ? 0 : 1;
  },
};

const BAKE_MINUTES_DEFAULT = 10;
const BAKE_MINUTES_MAX = 1_440;
const SECONDS_PER_MINUTE = 60;

async function planWaves({ line, runtime }: CommandContext): Promise<{
  readonly waves: readonly Wave[];
  readonly file: string;
}> {
  const bakeSeconds = readBakeMinutes(line) * SECONDS_PER_MINUTE;
  const context = readSynthContext(line);
  const { config, file } = await runtime.loadConfig(line.text('config'));
  const stacks = await runtime.readInventory(file, context).catch((error: Error) => {
    throw new CommandFailure(error.message, error);
  });
  try {
    const firstRegion = line.text('first');
    return { waves: wavePlan(stacks, { homeRegion: config.home.region, firstRegion, bakeSeconds }), file };
  } catch (error) {
    throw error instanceof RangeError ? new UsageError(`--first: ${error.message}`) : error;
  }
}

function readBakeMinutes(line: CommandLine): number {
  const text = line.text('bake-minutes');
  if (text === undefined) return BAKE_MINUTES_DEFAULT;
  const minutes = numberOf(text);
  if (minutes >= 0 && minutes <= BAKE_MINUTES_MAX) return minutes;
  throw new UsageError(`--bake-minutes must be a number from 0 to ${BAKE_MINUTES_MAX}, got "${text}"`);
}

/** A wave goes by its name, or by the word before its regions. */
function wavesFrom(waves: readonly Wave[], from: string): readonly Wave[] {
  const index = waves.findIndex(({ name }) => name === from || name.split(':')[0] === from);
  if (index >= 0) return waves.slice(index);
  const names = waves.map(({ name }) => name.split(':')[0]).join(', ');
  throw new UsageError(`--from: there is no wave "${from}"; the waves are ${names}`);
}

async function deploy(context: CommandContext, waves: readonly Wave[], file: string): Promise<WaveOutcome> {
  const { line, runtime, terminal } = context;
  const { config } = await runtime.loadConfig(line.text('config'));
  const profiles = line.texts('profile');
  const aws = await runtime.openAws({ profiles, awsUrl: awsUrl(context), region: config.home.region });
  try {
    const alarms = runtime.openAlarms(config, aws);
    terminal.complain('making the templates of all waves');
    const write = (text: string): void => terminal.complain(text.trimEnd());
    const cdk = await runtime
      .openCdk({ file, context: readSynthContext(line), write })
      .catch((error: Error) => {
        throw new CommandFailure(error.message, error);
      });
    try {
      const tell = (event: WaveEvent): void => terminal.complain(eventText(event));
      return await runWaves({ clock: runtime.clock, deployer: cdk, alarms, tell }, waves);
    } finally {
      cdk.close();
    }
  } finally {
    aws.close();
  }
}

function eventText(event: WaveEvent): string {
  const { name, stacks, bakeSeconds } = event.wave;
  switch (event.kind) {
    case 'already-going-off':
      return `${name}: went off before, and stops nothing: ${event.alarms.join(', ')}`;
    case 'deploying':
      return `${name}: deploying ${stacks.length} stacks`;
    case 'baking':
      return `${name}: deployed; watching alarms for ${bakeSeconds / SECONDS_PER_MINUTE} minutes`;
    case 'done':
      return `${name}: done`;
  }
}

/** What makes a command by hand deploy the same as this one would, from the project's folder. */
function settingsOf({ line, runtime }: CommandContext, file: string): readonly string[] {
  const inFolder = relative(runtime.folder, file);
  const config = inFolder.startsWith('..') ? file : inFolder;
  // First and last: no --context says otherwise.
  const settings = new Map([
    ['config', config],
    ...Object.entries(readSynthContext(line)),
    ['config', config],
  ]);
  return [...settings].flatMap(([name, value]) => ['-c', shellWord(`${name}=${value}`)]);
}

/** One word of a shell, whatever stands in it. */
const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** A command is one line in any terminal, so that what is copied or piped is what runs. */
function drawWaves(
  waves: readonly Wave[],
  settings: readonly string[],
  { paint, width }: Terminal,
): readonly string[] {
  const drawn = waves.flatMap(({ name, stacks, places, bakeSeconds }, index) => [
    paint('strong', `${index + 1}. ${name}`),
    `   ${['npx cdk deploy --exclusively', ...stacks, ...settings].join(' ')}`,
    ...wrapText(
      `then ${bakeSeconds / SECONDS_PER_MINUTE} minutes without an alarm in ${places.map(({ account, region }) => `${account} ${region}`).join(', ')}`,
      width - 3,
    ).map((text) => `   ${paint('dim', text)}`),
    '',
  ]);
  return [...drawn, ...wrapText('--run does it, and stops at the first failure or alarm.', width)];
}

function drawOutcome(outcome: WaveOutcome, { paint, width }: Terminal): readonly string[] {
  if (outcome.kind === 'complete') return [paint('good', 'Every wave is deployed, and no alarm went off.')];
  const { wave, at, why, deployed } = outcome;
  const what = {
    deploy: 'A stack failed',
    alarm: 'An alarm went off',
    unreadable: 'Alarms could not be read',
  }[at];
  const done = deployed.length === 0 ? 'Nothing is deployed.' : `Deployed: ${deployed.join('; ')}.`;
  const next =
    at === 'alarm'
      ? 'Its description says what to do first. To go back, deploy the version before in the same way (docs/guides/upgrade.md)'
      : 'Mend it';
  return wrapText(
    `${paint('bad', `${what} in ${wave}:`)} ${why}. ${done} ${next}; to go on, repeat the command with --from ${wave.split(':')[0]}.`,
    width,
  );
}
