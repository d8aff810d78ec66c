import { type CliRuntime, ConfigError, MissingConfigError } from '#runtime/cli-runtime.ts';
import { auditReplay } from './audit-replay.ts';
import { auditResidency } from './audit-residency.ts';
import { auditRoots } from './audit-roots.ts';
import { auditVerify } from './audit-verify.ts';
import { availability } from './availability.ts';
import { capacityEngines } from './capacity-engines.ts';
import { capacityPlan } from './capacity-plan.ts';
import type { Command, CommandContext, ExitCode } from './command.ts';
import { deployWaves } from './deploy-waves.ts';
import { disable } from './disable.ts';
import { doctor } from './doctor.ts';
import { enable } from './enable.ts';
import { explain } from './explain.ts';
import { history } from './history.ts';
import { keyCreate } from './key-create.ts';
import { keyList } from './key-list.ts';
import { keyRevoke } from './key-revoke.ts';
import { keyRotate } from './key-rotate.ts';
import { liftHold } from './lift-hold.ts';
import { tableFailure } from './open-stores.ts';
import { overrides } from './overrides.ts';
import { commandHelp, parseCommandLine } from './parse-command-line.ts';
import { pin } from './pin.ts';
import { planDeploy } from './plan-deploy.ts';
import { publish } from './publish.ts';
import { releaseRegion } from './release-region.ts';
import { rollback } from './rollback.ts';
import { routes } from './routes.ts';
import { scp } from './scp.ts';
import { simulateSwarm } from './simulate-swarm.ts';
import type { Terminal } from './terminal/terminal.ts';
import { wrapText } from './terminal/wrap-text.ts';
import { top } from './top.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

/** Every command; a new one is one file and one line here. */
const commands: readonly Command[] = [
  availability,
  top,
  routes,
  explain,
  history,
  overrides,
  publish,
  rollback,
  pin,
  liftHold,
  disable,
  enable,
  releaseRegion,
  keyCreate,
  keyRotate,
  keyRevoke,
  keyList,
  capacityPlan,
  capacityEngines,
  auditVerify,
  auditResidency,
  auditReplay,
  auditRoots,
  planDeploy,
  deployWaves,
  scp,
  simulateSwarm,
  doctor,
];

/** Runs one command line. 0: fine; 1: the answer is no; 2: bad use; 3: in a simulation something did not come back. Throws only what nobody foresaw. */
export async function runCli(
  argv: readonly string[],
  { runtime, terminal }: { readonly runtime: CliRuntime; readonly terminal: Terminal },
): Promise<ExitCode | 2> {
  try {
    const [name] = argv;
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
      terminal.print(...generalHelp(terminal));
      return 0;
    }
    const group = groupOf(name);
    if (group.length > 0 && (argv[1] === '--help' || argv[1] === '-h')) {
      terminal.print(...listOf(group, terminal));
      return 0;
    }
    const command = findCommand(argv);
    if (command === undefined) throw new UsageError(unknownCommand(argv));
    const line = parseCommandLine(command.spec, argv.slice(command.spec.name.split(' ').length));
    if (line.flag('help')) {
      terminal.print(...commandHelp(command.spec, terminal.width));
      return 0;
    }
    return await runCommand(command, { line, runtime, terminal });
  } catch (error) {
    if (error instanceof UsageError || error instanceof MissingConfigError)
      return complain(terminal, error.message, 2);
    if (error instanceof CommandFailure || error instanceof ConfigError)
      return complain(terminal, error.message, 1);
    throw error;
  }
}

async function runCommand(command: Command, context: CommandContext): Promise<ExitCode> {
  const { line, runtime } = context;
  // Of commands too that ask a gateway alone: whoever names a file means it to be there.
  if (line.text('config') !== undefined) runtime.findConfig(line.text('config'));
  try {
    return await command.run(context);
  } catch (error) {
    const known =
      error instanceof UsageError || error instanceof CommandFailure || error instanceof ConfigError;
    throw known ? error : tableFailure(context, error);
  }
}

function complain<Code extends 1 | 2>(terminal: Terminal, message: string, code: Code): Code {
  terminal.complain(`${terminal.paintError('bad', 'spillway:')} ${message}`);
  return code;
}

/** A name is one word, or two such as `key create`. */
function findCommand([first, second]: readonly string[]): Command | undefined {
  return commands.find(({ spec }) => spec.name === first || spec.name === `${first} ${second}`);
}

/** The commands whose first word this is, such as those of `key`; none where it is a whole name. */
function groupOf(word: string): readonly Command[] {
  return commands.filter(({ spec }) => spec.name.startsWith(`${word} `));
}

function unknownCommand([name = '', second]: readonly string[]): string {
  const group = groupOf(name).map(({ spec }) => spec.name);
  if (group.length > 0) {
    const got = second === undefined ? 'nothing' : `"${second}"`;
    return `spillway ${name} needs to know what: ${group.join(', ')}; got ${got}.`;
  }
  const names = ['start', ...commands.map(({ spec }) => spec.name)];
  const near = names.find((known) => known.startsWith(name.slice(0, 3)));
  return `There is no command "${name}"${near === undefined ? '.' : `; did you mean ${near}?`} The commands are ${names.join(', ')}.`;
}

function generalHelp(terminal: Terminal): readonly string[] {
  const start = 'Runs everything on this machine: a local AWS, discovery, planning and the gateways.';
  return [
    'spillway <command> [options]',
    '',
    ...listOf([{ spec: { name: 'start', summary: start } }, ...commands], terminal),
    '',
    ...[
      'Without --profile a command speaks to local mode (npm start).',
      'spillway <command> --help tells its options.',
      'Exit codes: 0 fine, 1 the answer is no, 2 bad use.',
    ].flatMap((line) => wrapText(line, terminal.width)),
  ];
}

/** One line a command, or more where the terminal is narrow. */
function listOf(
  listed: readonly { readonly spec: Pick<Command['spec'], 'name' | 'summary'> }[],
  { paint, width }: Terminal,
): readonly string[] {
  return listed.flatMap(({ spec }) =>
    wrapText(firstClause(spec.summary), width - NAME_WIDTH - 3).map(
      (line, index) => `  ${paint('strong', (index === 0 ? spec.name : '').padEnd(NAME_WIDTH))} ${line}`,
    ),
  );
}

const NAME_WIDTH = 16;

/** The part of a summary that fits a list of commands. */
const firstClause = (summary: string): string => `${summary.split(/[.:;]/)[0]}.`;
