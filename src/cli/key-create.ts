import type { SpillwayConfig } from '#contract/config.ts';
import { keyLabelSchema } from '#contract/key-item.ts';
import { type Command, type CommandContext, printJson } from './command.ts';
import { drawNewKey, PEPPER_WARNING, showKey } from './key/draw-keys.ts';
import { openKeyDesk } from './key/open-key-desk.ts';
import { openConfig } from './open-deployment.ts';
import { parseDuration } from './parse-duration.ts';
import { CommandFailure, UsageError } from './usage-error.ts';

export const keyCreate: Command = {
  spec: {
    name: 'key create',
    synopsis:
      '--tenant <name> [--label <name>] [--expires-in <duration>] [--residency <name>]… [--model <name>]…',
    summary:
      'Makes an API key of a tenant: it is shown once and kept nowhere. Scopes narrow what the tenant may do.',
    positionals: [],
    options: {
      tenant: { type: 'string', value: '<name>', help: 'a tenant of the configuration' },
      label: { type: 'string', value: '<name>', help: 'what the key is for (default: default)' },
      'expires-in': {
        type: 'string',
        value: '<duration>',
        help: 'such as 12h or 90d (default: it does not expire)',
      },
      residency: {
        type: 'string',
        multiple: true,
        value: '<name>',
        help: 'one of the tenant’s residencies; repeat for more (default: all of them)',
      },
      model: {
        type: 'string',
        multiple: true,
        value: '<name>',
        help: 'one of the tenant’s models; repeat for more (default: all of them)',
      },
    },
    notes: [
      'Exit code 1: refused, because two keys of the label live already or the pepper is not known.',
      'Gateways know the key within five seconds.',
    ],
  },
  async run(context) {
    const { terminal, line, runtime } = context;
    const config = await openConfig(context);
    const order = orderOf(context, config);
    const desk = await openKeyDesk(context, config);
    try {
      const result = await desk.create(order);
      if (!result.ok) throw new CommandFailure(result.why);
      if (result.pepperDiffers) terminal.complain(terminal.paintError('warn', PEPPER_WARNING));
      const { key, record } = result;
      if (line.flag('json')) printJson(terminal, { key, ...showKey(record, runtime.now()) });
      else terminal.print(...drawNewKey({ key, record }, terminal.paint));
      return 0;
    } finally {
      desk.close();
    }
  },
};

function orderOf({ line, runtime }: CommandContext, config: SpillwayConfig) {
  const tenant = line.required('tenant');
  const owner = Object.hasOwn(config.tenants, tenant) ? config.tenants[tenant] : undefined;
  if (owner === undefined)
    throw new UsageError(
      `The configuration has no tenant "${tenant}"; it has ${Object.keys(config.tenants).join(', ') || 'none'}`,
    );
  const label = line.text('label') ?? 'default';
  if (!keyLabelSchema.safeParse(label).success)
    throw new UsageError(
      `--label must be a lower-case letter and up to 40 more of a-z, 0-9 and -, not "${label}"`,
    );
  const expiresIn = line.text('expires-in');
  const models = owner.models.includes('*') ? ['*', ...Object.keys(config.models)] : owner.models;
  return {
    tenant,
    label,
    by: runtime.operator,
    residencies: scopes(line.texts('residency'), { option: 'residency', known: owner.residencies }),
    models: scopes(line.texts('model'), { option: 'model', known: models }),
    expiresInMs: expiresIn === undefined ? undefined : parseDuration(expiresIn, 'expires-in'),
  };
}

/** What a tenant may not do its key may not either: naming it would only look as if. */
function scopes(
  names: readonly string[],
  { option, known }: { readonly option: string; readonly known: readonly string[] },
): readonly string[] | undefined {
  const foreign = names.find((name) => !known.includes(name));
  if (foreign !== undefined)
    throw new UsageError(`--${option} "${foreign}" is not among the tenant's: ${known.join(', ')}`);
  return names.length === 0 ? undefined : [...new Set(names)];
}
