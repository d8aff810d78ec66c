import { readRoots } from '#usecases/audit/read-roots.ts';
import { describeFinding } from './audit/draw-chain.ts';
import { openTrail } from './audit/open-trail.ts';
import { regionsOf } from './audit-verify.ts';
import { type Command, printJson } from './command.ts';
import { openConfig } from './open-deployment.ts';

export const auditRoots: Command = {
  spec: {
    name: 'audit roots',
    synopsis: '[--region <region>]',
    summary:
      'Prints what the witness of the audit trail signed, with its public key: whoever keeps it elsewhere can prove with it what the chains held.',
    positionals: [],
    options: {
      region: {
        type: 'string',
        multiple: true,
        value: '<region>',
        help: 'only this one; repeat for more (default: all)',
      },
    },
    notes: [
      'Prints JSON, which `spillway audit verify --roots <file>` takes.',
      'Exit code 1: nothing was signed yet, or something that is kept there is not what the witness signed.',
    ],
  },
  async run(context) {
    const { terminal, line } = context;
    const config = await openConfig(context);
    const regions = regionsOf(config, line.texts('region'));
    const { archives, close } = await openTrail(context, config, regions);
    try {
      const sources = archives.flatMap(({ chain, rootSource }) =>
        rootSource === undefined ? [] : [{ chain, rootSource }],
      );
      const read = await Promise.all(sources.map(({ chain, rootSource }) => readRoots(chain, rootSource)));
      const findings = read.flatMap(({ findings }) => findings);
      for (const finding of findings) terminal.complain(describeFinding(finding));
      const roots = read.flatMap(({ signed }) => signed);
      printJson(terminal, { publicKey: await sources[0]?.rootSource.publicKey(), roots });
      return findings.length === 0 && roots.length > 0 ? 0 : 1;
    } finally {
      close();
    }
  },
};
