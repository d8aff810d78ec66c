import type { SpillwayConfig } from '#contract/config.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import { proveResidency, type ResidencyProof } from '#usecases/audit-proof/prove-residency.ts';
import { isEmpty, type Period } from '#usecases/audit-proof/read-trail.ts';
import { drawResidencyProof } from './audit/draw-residency-proof.ts';
import { openTrail, witnessOptions } from './audit/open-trail.ts';
import { periodOptions, readPeriod, tellPeriod } from './audit/period.ts';
import { type Command, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';
import { UsageError } from './usage-error.ts';

export const auditResidency: Command = {
  spec: {
    name: 'audit residency',
    synopsis: '--tenant <name> [--from <time>] [--to <time>]',
    summary:
      'Proves from the audit trail that a tenant’s words stayed inside their residency: judges every recorded decision anew, counts where calls went, and says what is not proven.',
    positionals: [],
    options: {
      tenant: { type: 'string', value: '<name>', help: 'whose decisions' },
      ...periodOptions,
      ...witnessOptions,
    },
    notes: [
      'Exit code 1: something left its residency, or the trail does not prove that nothing did; or nothing was recorded.',
      'The proof is as good as the chain: where `spillway audit verify` finds something, nothing is proven.',
    ],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const tenant = line.required('tenant');
    const period = readPeriod(line, runtime.clock.now());
    const config = await openConfig(context);
    const policies = new Map(
      Object.entries(config.residencies).map(([name, spec]) => [
        name,
        resolveResidency(name, spec, runtime.facts),
      ]),
    );
    const trail = await openTrail(context, config);
    try {
      const question = { ...trail, ...period, tenant, facts: runtime.facts, policies };
      const proof = await proveResidency(question);
      if (proof.isNothing) checkTenant(config, tenant);
      if (line.flag('json')) printJson(terminal, shown(proof, period));
      else
        terminal.print(
          ...drawResidencyProof(proof, {
            ...{ width: terminal.width, paint: terminal.paint },
            period: tellPeriod(period),
          }),
        );
      return proof.proven ? 0 : 1;
    } finally {
      trail.close();
    }
  },
};

/** Whose records are there may have left the configuration; without any, a name is more likely mistyped. */
function checkTenant({ tenants }: SpillwayConfig, tenant: string): void {
  if (Object.hasOwn(tenants, tenant)) return;
  throw new UsageError(
    `No tenant "${tenant}" is configured, and none was recorded; the tenants are ${Object.keys(tenants).join(', ')}`,
  );
}

function shown({ chains, ...proof }: ResidencyProof, period: Period) {
  const { from, to } = period;
  return {
    ...proof,
    from: from === undefined ? null : new Date(from).toISOString(),
    to: to === undefined ? null : new Date(to).toISOString(),
    chains: chains.map(({ region, report }) => ({
      region,
      isEmpty: isEmpty(report),
      records: report.records,
      findings: report.findings,
      onTheirWay: report.onTheirWay,
    })),
  };
}
