import type { SpillwayConfig } from '#contract/config.ts';
import { discoverRolePattern } from '#contract/resources.ts';
import { residencyPolicy, SERVICE_CONTROL_CHARACTERS_MAX } from '#core/permissions/residency-policy.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import type { Command, CommandContext, ExitCode } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const scp: Command = {
  spec: {
    name: 'scp',
    synopsis: '[--residency <a,b>]',
    summary:
      'Prints a service control policy that denies what residency forbids: calls that may run anywhere, prompts outside the regions of the residencies, profiles that stay inside no single one. Attach it to the accounts that serve these residencies alone.',
    positionals: [],
    options: {
      residency: {
        type: 'string',
        value: '<a,b>',
        help: 'residencies that the accounts serve (default: all of the configuration)',
      },
    },
    notes: [
      'Exit code 1: a residency that was named has no bounds, which leaves nothing to deny, or the policy is too long. Without --residency that is bad use, 2.',
      '`spillway doctor --scp <file>` tells which profiles a policy breaks.',
    ],
  },
  run: printPolicy,
};

async function printPolicy(context: CommandContext): Promise<ExitCode> {
  const config = await openConfig(context);
  const names = namedResidencies(context, config);
  const { facts } = context.runtime;
  const residencies = names.map((name) => resolveResidency(name, config.residencies[name] ?? {}, facts));
  const policy = residencyPolicy({ residencies, facts, exemptRoles: [discoverRolePattern(config.name)] });
  if (policy === undefined) {
    const open = residencies.filter(({ allowed }) => allowed === 'any').map(({ name }) => name);
    const message = `Nothing can be denied to accounts that serve ${open.join(', ')}, which has no bounds. Name the residencies of other accounts with --residency.`;
    throw context.line.text('residency') === undefined
      ? new UsageError(message)
      : new CommandFailure(message);
  }
  const compact = JSON.stringify(policy);
  if (compact.length > SERVICE_CONTROL_CHARACTERS_MAX)
    throw new CommandFailure(
      `The policy has ${compact.length} characters, AWS Organizations takes ${SERVICE_CONTROL_CHARACTERS_MAX}. Name fewer residencies with --residency, and attach a policy to each group of accounts.`,
    );
  const readable = JSON.stringify(policy, undefined, 2);
  context.terminal.print(readable.length > SERVICE_CONTROL_CHARACTERS_MAX ? compact : readable);
  return 0;
}

function namedResidencies({ line }: CommandContext, { residencies }: SpillwayConfig): readonly string[] {
  const known = Object.keys(residencies);
  const named =
    line
      .text('residency')
      ?.split(',')
      .map((name) => name.trim()) ?? known;
  const wrong = named.filter((name) => !known.includes(name));
  if (wrong.length === 0) return named;
  throw new UsageError(
    `--residency must name residencies of the configuration with commas (${known.join(', ')}); "${wrong.join(', ')}" is none`,
  );
}
