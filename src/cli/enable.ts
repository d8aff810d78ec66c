import { operationSchemas } from '#contract/operations.ts';
import type { PlacedDisabledTarget } from '#core/plan/disabled-target.ts';
import { type Command, printJson } from './command.ts';
import { confirm } from './confirm.ts';
import { inEachRegion } from './in-each-region.ts';
import { nearestNames } from './nearest-names.ts';
import { openConfig } from './open-deployment.ts';
import { openStores } from './open-stores.ts';
import { checkControlRegion, checkOrder } from './order-options.ts';
import { describeWord } from './overrides/draw-overrides.ts';
import { readOverrides } from './overrides/read-overrides.ts';
import { CommandFailure } from './usage-error.ts';

export const enable: Command = {
  spec: {
    name: 'enable',
    synopsis: '<target> --reason <text> [--region <region>] [--yes]',
    summary:
      'Ends the word that a target is not to be called, before its time: in every region that said it, unless one is named. What residency forbids stays forbidden.',
    positionals: ['target'],
    options: {
      reason: { type: 'string', value: '<text>', help: 'why, for the audit' },
      region: { type: 'string', value: '<region>', help: 'end only what this region said' },
      yes: { type: 'boolean', help: 'do not ask' },
    },
    notes: ['Exit code 1: it is not disabled, or declined. `spillway overrides` lists what is disabled.'],
  },
  async run(context) {
    const { line, terminal, runtime } = context;
    const [target = ''] = line.positionals;
    const { reason } = checkOrder(operationSchemas.disable.pick({ reason: true }), {
      reason: line.required('reason'),
    });
    const config = await openConfig(context);
    const named = line.text('region');
    const stores = await openStores(context, config, checkControlRegion(config, named ?? config.home.region));
    try {
      const now = runtime.now();
      const all = (await readOverrides(stores, now)).disabled;
      const words = all.filter((word) => word.target === target);
      const chosen = named === undefined ? words : words.filter((word) => word.region === named);
      if (chosen.length === 0) throw new CommandFailure(refusal(target, named, all));
      if (!line.flag('json'))
        terminal.complain(
          terminal.paintError('strong', target),
          ...chosen.map((word) => `  disabled ${describeWord(word, now)}`),
        );
      if (!(await confirm(context, 'Let gateways call it again?')))
        throw new CommandFailure('Nothing was changed.');
      const order = { target, reason, hours: 0, by: runtime.operator };
      await inEachRegion(context, { config, words: chosen, end: (there) => there.disable(order) });
      const standing = words.filter((word) => !chosen.includes(word));
      if (line.flag('json')) printJson(terminal, { enabled: chosen, standing });
      else
        terminal.print(
          standing.length === 0
            ? `${terminal.paint('good', '✔')} ${target} may be called again; gateways know within five seconds.`
            : `${terminal.paint('good', '✔')} ${named} no longer disables ${target}.`,
          ...standing.map((word) => `  It still is disabled ${describeWord(word, now)}`),
        );
      return 0;
    } finally {
      stores.close();
    }
  },
};

function refusal(target: string, named: string | undefined, all: readonly PlacedDisabledTarget[]): string {
  const places = all.filter((word) => word.target === target).map(({ region }) => region);
  if (places.length > 0)
    return `${target} is not disabled by ${named}, but by ${places.join(', ')}: leave --region out, or name that one.`;
  const near = nearestNames(target, [...new Set(all.map((word) => word.target))]);
  if (near.length === 0) return `${target} is not disabled; no target is.`;
  return `${target} is not disabled; these are${near.map((id) => `\n  ${id}`).join('')}`;
}
