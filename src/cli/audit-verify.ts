import type { SpillwayConfig } from '#contract/config.ts';
import { verifyTrail } from '#usecases/audit/verify-trail.ts';
import { drawChains, type RegionReport } from './audit/draw-chain.ts';
import { openTrail, witnessOptions } from './audit/open-trail.ts';
import { readPeriod } from './audit/period.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { UsageError } from './usage-error.ts';

export const auditVerify: Command = {
  spec: {
    name: 'audit verify',
    synopsis: '[--region <region>] [--from <time>] [--to <time>] [--roots <file>]',
    summary:
      'Proves the audit trail of each gateway region: that no record was changed, moved or taken away since it was sealed, and that it holds all that its witness signed.',
    positionals: [],
    options: {
      region: {
        type: 'string',
        multiple: true,
        value: '<region>',
        help: 'only this one; repeat for more (default: all)',
      },
      from: {
        type: 'string',
        value: '<time>',
        help: 'what was sealed from then on (default: the beginning)',
      },
      to: { type: 'string', value: '<time>', help: 'what was sealed until then (default: the end)' },
      ...witnessOptions,
    },
    notes: [
      'Times are days (2026-11-21) or times in UTC (2026-11-21T08:00:00Z).',
      'Exit code 1: something is broken, and the first broken record is named; nothing was ever sealed; or the trail cannot be read.',
      'What it cannot see stands in docs/guides/audit.md.',
    ],
  },
  async run(context) {
    const { terminal, line } = context;
    const config = await openConfig(context);
    const regions = regionsOf(config, line.texts('region'));
    const reports = await verifyRegions(context, config, regions);
    const isWhole = reports.every(({ findings }) => findings.length === 0);
    const isProved = isWhole && reports.some(({ segments }) => segments > 0);
    if (line.flag('json')) printJson(terminal, { proved: isProved, regions: reports });
    else terminal.print(...drawChains(reports, { width: terminal.width, paint: terminal.paint }));
    return isProved ? 0 : 1;
  },
};

export function regionsOf({ gateways }: SpillwayConfig, named: readonly string[]): readonly string[] {
  const unknown = named.find((region) => !gateways.includes(region));
  if (unknown !== undefined)
    throw new UsageError(`No gateway stands in "${unknown}"; the regions are ${gateways.join(', ')}`);
  return named.length === 0 ? gateways : named;
}

async function verifyRegions(
  context: CommandContext,
  config: SpillwayConfig,
  regions: readonly string[],
): Promise<readonly RegionReport[]> {
  const period = readPeriod(context.line, context.runtime.clock.now());
  const { archives, digest, clock, close } = await openTrail(context, config, regions);
  try {
    const reports: RegionReport[] = [];
    for (const { region, ...archive } of archives)
      reports.push({ region, ...(await verifyTrail({ ...archive, ...period, clock, digest })) });
    return reports;
  } finally {
    close();
  }
}
