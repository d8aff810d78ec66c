import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const releaseRegion: Command = {
  spec: {
    name: 'release-region',
    synopsis: '<account> <region> --reason <text> [--yes]',
    summary:
      'Says that a region is gone for good: an empty or failing region keeps its last known targets until an operator says this.',
    positionals: ['account', 'region'],
    options: {
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: refused or declined.', 'A region that answers again later comes back by itself.'],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const [account = '', region = ''] = line.positionals;
    const reason = line.required('reason');
    const config = await openConfig(context);
    const owner = config.accounts.find(({ id, name }) => id === account || name === account);
    if (owner === undefined)
      throw new UsageError(
        `The configuration has no account "${account}"; it has ${config.accounts.map(({ id }) => id).join(', ')}`,
      );
    const stores = await openStores(context, config);
    try {
      const known = await stores.observations.load(owner.id, region);
      if (known === undefined)
        throw new CommandFailure(
          `Nothing was ever observed in ${region} of ${owner.id}, so there is nothing to release.`,
        );
      const question = `Release ${known.targets.length} targets of ${region} in account ${owner.id} for good?`;
      if (!(await confirm(context, question))) throw new CommandFailure('Nothing was changed.');
      const result = await stores.releaseRegion({ account: owner.id, region, reason, by: runtime.operator });
      if (!result.ok) throw new CommandFailure(result.why);
      if (line.flag('json')) printJson(terminal, { account: owner.id, region, released: result.released });
      else
        terminal.print(
          `${terminal.paint('good', '✔')} ${sentenceOf(result.released, `${region} (${owner.id})`)}`,
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

function sentenceOf(released: number, place: string): string {
  const one = released === 1;
  return `${released} target${one ? '' : 's'} of ${place} ${one ? 'is' : 'are'} released; the next plan takes ${one ? 'it' : 'them'} out of every route.`;
}
