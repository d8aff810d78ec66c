import type { SpillwayConfig } from '#contract/config.ts';
import { verifyTrail } from '#usecases/audit/verify-trail.ts';
import { drawChains, type RegionReport } from './audit/draw-chain.ts';
import { readPeriod } from './audit/period.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { openAws, openConfig } from './open-deployment.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const auditVerify: Command = {
  spec: {
    name: 'audit verify',
    synopsis: '[--region <region>] [--from <time>] [--to <time>]',
    summary:
      'Proves the audit trail of each gateway region: that no record was changed, moved or taken away since it was sealed.',
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

function regionsOf({ gateways }: SpillwayConfig, named: readonly string[]): readonly string[] {
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
  const { line, runtime } = context;
  const period = readPeriod(line, runtime.clock.now());
  const aws = await openAws(context, config);
  try {
    const reports: RegionReport[] = [];
    for (const region of regions) {
      const archive = await runtime.openArchive(config, aws, region).catch((error: unknown) => {
        throw new CommandFailure(`The trail of ${region} cannot be read: ${String(error)}`, error);
      });
      try {
        const { clock, digest } = runtime;
        reports.push({ region, ...(await verifyTrail({ ...archive, ...period, clock, digest })) });
      } finally {
        archive.close();
      }
    }
    return reports;
  } finally {
    aws.close();
  }
}
