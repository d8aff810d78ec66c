/** docs/permissions.md: every call that is judged, in tables for people. */
import type { NeededCall } from '#test/builders/policy-world.ts';
import type { RefusedCall } from '#test/builders/refusal.ts';

const callers = [
  'discover',
  'plan',
  'verify',
  'gateway',
  'audit',
  'witness',
  'pipeline',
  'build',
  'deploy',
  'access',
  'operator',
] as const;

const headings: Readonly<Record<(typeof callers)[number], string>> = {
  discover: '`discover`, in every account and region',
  plan: '`plan`, at home',
  verify: '`verify`, at home',
  gateway: '`gateway` and the dispatcher of batches, which has its role',
  audit: '`audit`, which seals the audit trail of a gateway region',
  witness: '`witness`, at home, which signs how far each audit trail is',
  pipeline:
    '`pipeline`, where the configuration has one: it starts what makes templates and what deploys them',
  build: '`build`, which makes the templates of a pipeline’s run',
  deploy: '`deploy`, which carries out one wave of a pipeline’s run',
  access: '`<name>-gateway-access`, which gateways and verify become in other accounts',
  operator: 'People and pipelines, under credentials of their own',
};

export function permissionsDocument(needed: readonly NeededCall[], refused: readonly RefusedCall[]): string {
  return `${[
    '# Permissions',
    '',
    'Every call to AWS that Spillway makes, by who makes it, and calls that must be refused. Written by',
    '`vitest run test/lib/permissions/policy-table.test.ts -u`, which judges each of them with a policy engine under the',
    'policies of the synthesised example (`examples/acme.config.ts` with operators and an audit trail, in one organization): what is needed is',
    'allowed, no other permission stands in a role, and what is dangerous is refused. Why the policies look as they do:',
    '[decision 6](decisions/0006-stacks.md) and [decision 22](decisions/0022-permissions-judged-by-an-engine.md).',
    '',
    '## What is needed',
    ...callers
      .filter((by) => needed.some((need) => need.by === by))
      .flatMap((by) => ['', `### ${headings[by]}`, '', ...neededRows(needed, by)]),
    '',
    'Local mode and `spillway` without `--profile` ask nothing of a real account: their rows say what the stand-in offers.',
    '',
    '## What is refused',
    '',
    '`admin`, and every role that the deployment does not have, is judged as one that its own account lets do anything.',
    '',
    '| danger | who | action | on |',
    '| --- | --- | --- | --- |',
    ...refused.map(
      ({ danger, role, call }) =>
        `| ${danger} | \`${shortRole(role)}\` | \`${call.action}\` | ${resourceWords(call)} |`,
    ),
  ].join('\n')}\n`;
}

/** One line for an action and a purpose, with what it is done on where that is the same everywhere but for the place. */
function neededRows(needed: readonly NeededCall[], by: (typeof callers)[number]): readonly string[] {
  const rows = new Map<string, { readonly on: Set<string>; readonly purposes: Set<string> }>();
  for (const { call, ...need } of needed.filter((each) => each.by === by)) {
    const row = rows.get(call.action) ?? { on: new Set(), purposes: new Set() };
    rows.set(call.action, row);
    row.on.add(kindOf(call.resource));
    row.purposes.add(need.for);
  }
  const sorted = [...rows].sort(([left], [right]) => (left < right ? -1 : 1));
  return [
    '| action | on | for |',
    '| --- | --- | --- |',
    ...sorted.map(
      ([action, { on, purposes }]) =>
        `| \`${action}\` | ${[...on].sort().join(', ')} | ${[...purposes].sort().join('; ')} |`,
    ),
  ];
}

/** What kind of thing an ARN names, without its place. */
function kindOf(arn: string): string {
  if (arn === '*') return 'no resource';
  const [, , service = '', , , ...rest] = arn.split(':');
  const name = rest.join(':');
  const kind = name.split('/')[0] ?? name;
  if (service === 'dynamodb')
    return name.includes('/stream/')
      ? 'the stream of `observations`'
      : `\`${name.replace('table/acme-', '')}\``;
  if (service === 's3' && name.startsWith('acme-sources')) return 'the source';
  if (service === 'codebuild') return 'its two projects';
  if (service === 's3') return name.includes('/') ? 'objects of its bucket' : 'its bucket';
  if (service === 'sqs')
    return name.includes('FailedCalls') ? 'its queue of failed calls' : 'its queues of batches';
  if (service === 'kms') return 'keys of what it uses';
  if (service === 'logs') return 'its log';
  if (service === 'iam' && name.includes('/cdk-'))
    return 'roles of `cdk bootstrap`: to deploy, publish files, look up';
  if (service === 'iam') return 'access roles of other accounts';
  return kind.replaceAll('-', ' ').concat('s');
}

const shortRole = (arn: string): string => {
  const [, , , , account, name = ''] = arn.split(':');
  return `${name.replace('role/', '')}@${account}`;
};

function resourceWords({ resource, context }: RefusedCall['call']): string {
  const keys = Object.entries(context ?? {}).map(([key, value]) => `\`${key}\` ${[value].flat().join(', ')}`);
  const shown = resource === '*' ? 'no resource' : `\`${resource.replace(/^arn:aws:/, '')}\``;
  return [shown, ...keys].join('; ');
}
