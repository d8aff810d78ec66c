import { resolveBaselines } from '#core/baseline/resolve-baselines.ts';
import { auditVersions } from '#runtime/auditing-of.ts';
import { type ReplayReport, replayTrail } from '#usecases/audit-proof/replay-trail.ts';
import { drawReplay } from './audit/draw-replay.ts';
import { openTrail, witnessOptions } from './audit/open-trail.ts';
import { periodOptions, readPeriod, tellPeriod } from './audit/period.ts';
import { type Command, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';

export const auditReplay: Command = {
  spec: {
    name: 'audit replay',
    synopsis: '[--from <time>] [--to <time>]',
    summary:
      'Makes the decisions of the audit trail again, from the records and the published routes that they name, and tells which come out otherwise.',
    positionals: [],
    options: { ...periodOptions, ...witnessOptions },
    notes: [
      'Exit code 1: a decision came out otherwise, could not be made again, or stands in a trail that is not whole; or there is none.',
      'Versions of routes are kept as long as records are locked, and 30 days longer; those that are gone are named.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const period = readPeriod(line, runtime.clock.now());
    const config = await openConfig(context);
    const { facts } = runtime;
    const trail = await openTrail(context, config);
    try {
      const stores = await openStores(context, config);
      try {
        const report = await replayTrail({
          ...{ ...trail, ...period, facts },
          baselines: resolveBaselines({ ...config, facts }).entries,
          versions: auditVersions({ config, facts }),
          routes: stores.routes,
        });
        if (line.flag('json')) printJson(terminal, shown(report));
        else
          terminal.print(
            ...drawReplay(report, {
              ...{ width: terminal.width, paint: terminal.paint },
              period: tellPeriod(period),
            }),
          );
        return report.same ? 0 : 1;
      } finally {
        stores.close();
      }
    } finally {
      trail.close();
    }
  },
};

function shown({ chains, ...report }: ReplayReport) {
  const findings = chains.flatMap(({ region, report: chain }) =>
    chain.findings.map((finding) => ({ region, ...finding })),
  );
  return { ...report, findings };
}
