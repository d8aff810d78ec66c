import { relative } from 'node:path';
import { waveKindOf } from '#core/deploy-waves/wave-plan.ts';
import type { WaveEvent, WaveOutcome } from '#usecases/deploy/run-waves.ts';
import type { CommandContext } from '../command.ts';
import { readSynthContext } from '../plan-deploy/read-synth-context.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import { type ChosenWaves, SECONDS_PER_MINUTE } from './choose-waves.ts';

/** One line for whoever waits. */
export function eventText(event: WaveEvent): string {
  const { name, stacks, bakeSeconds } = event.wave;
  switch (event.kind) {
    case 'already-going-off':
      return `${name}: went off before, and stops nothing: ${event.alarms.join(', ')}`;
    case 'deploying':
      // Told before: a run that is killed can say nothing any more.
      return `${name}: deploying ${stacks.length} stacks (to begin here again: --from ${waveKindOf(event.wave)})`;
    case 'baking':
      return `${name}: deployed; watching alarms for ${bakeSeconds / SECONDS_PER_MINUTE} minutes`;
    case 'done':
      return `${name}: done`;
  }
}

/** What makes a command by hand deploy the same as this one would, from the project's folder. */
function settingsOf({ line, runtime }: CommandContext, { file, assembly }: ChosenWaves): readonly string[] {
  if (assembly !== undefined) return ['--app', shellWord(assembly.folder)];
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
export function drawWaves(context: CommandContext, chosen: ChosenWaves): readonly string[] {
  const { paint, width } = context.terminal;
  const settings = settingsOf(context, chosen);
  const drawn = chosen.waves.flatMap(({ name, stacks, places, bakeSeconds }, index) => [
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

const headlines = {
  deploy: 'A stack failed',
  alarm: 'An alarm went off',
  unreadable: 'Alarms or tables could not be read',
  readers: 'Tables cannot turn',
  interrupted: 'Interrupted',
} as const;

const nextSteps: Readonly<Record<keyof typeof headlines, string>> = {
  deploy: 'Mend it; to go on, repeat',
  alarm:
    'Its description says what to do first. To go back, deploy the version before in the same way (docs/guides/upgrade.md); to go on, repeat',
  unreadable: 'Mend it; to go on, repeat',
  readers:
    'Deploy the regions first, so that gateways and discovery may use the key by then: repeat with --readers-first instead. Where they are deployed already, repeat with --readers-first and',
  interrupted: 'To go on, repeat',
};

/** How the run ended and what to do next, for people. */
export function drawOutcome(outcome: WaveOutcome, { paint, width }: Terminal): readonly string[] {
  if (outcome.kind === 'complete') return [paint('good', 'Every wave is deployed, and no alarm went off.')];
  const { wave, at, why, deployed } = outcome;
  const done = deployed.length === 0 ? 'Nothing is deployed.' : `Deployed: ${deployed.join('; ')}.`;
  const command = at === 'readers' ? '' : 'the command with ';
  return wrapText(
    `${paint('bad', `${headlines[at]} in ${wave}:`)} ${why}. ${done} ${nextSteps[at]} ${command}--from ${waveKindOf({ name: wave })}.`,
    width,
  );
}
