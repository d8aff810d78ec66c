import { partOf } from '#core/deploy-cost/deployed-stack.ts';
import type { BillItem } from '#core/deploy-cost/deployment-bill.ts';
import type { countByKind, InventoryAccount } from '#core/deploy-cost/inventory.ts';
import { quantity } from '../capacity-plan/figures.ts';

import type { Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { wrapText } from '../terminal/wrap-text.ts';
import type { DeploymentPlan } from './make-deployment-plan.ts';

interface Canvas {
  readonly width: number;
  readonly paint: Paint;
}

const MICRO_USD_PER_CENT = 10_000;
/** Items below it are told in one line of their part. */
const SMALL_MICRO_USD = 5 * MICRO_USD_PER_CENT;

/** What each account gets, what it costs, and what that rests on, for people. */
export function drawDeployment(plan: DeploymentPlan, canvas: Canvas): readonly string[] {
  const { paint, width } = canvas;
  const { bill, accounts } = plan;
  const note = (text: string): readonly string[] =>
    wrapText(text, width - 4).map((line, index) => `${index === 0 ? '  · ' : '    '}${line}`);
  return [
    paint('strong', `${plan.deployment}: ${bill.stacks.length} stacks in ${accounts.length} accounts`),
    '',
    ...drawAccounts(plan, canvas),
    '',
    ...drawItems(plan, canvas),
    '',
    ...wrapText(discoveryText(plan), width),
    ...bill.notPriced.flatMap(({ type, count }) =>
      wrapText(`Not in the bill, since no price is known here: ${count} × ${type}.`, width).map((line) =>
        paint('bad', line),
      ),
    ),
    '',
    paint('strong', 'What it rests on'),
    ...plan.assumptions.flatMap(({ name, value, basis, why }) =>
      note(`${name}: ${value} (${basis}; ${why})`),
    ),
    ...note(
      `Prices of ${plan.pricesOf}, each with source and date in data/aws-prices.json; other regions differ.`,
    ),
    paint('strong', 'What it leaves out'),
    ...plan.leftOut.flatMap(note),
  ];
}

/** One row for each kind of stack that an account gets: many regions have the same. */
function drawAccounts({ accounts, bill }: DeploymentPlan, canvas: Canvas): readonly string[] {
  return renderTable({
    columns: [
      { heading: 'account' },
      { heading: 'stacks', widthMin: 12 },
      { heading: 'each has', widthMin: 24 },
      { heading: 'USD/month', align: 'right' },
    ],
    rows: accounts.flatMap((account) =>
      stacksAlike(account).map(({ part, stacks, kinds }, index) => {
        const ids = new Set(stacks.map(({ stack }) => stack));
        const billed = bill.stacks.filter(({ stack }) => ids.has(stack));
        const microUsd = billed.reduce((sum, each) => sum + each.microUsd, 0);
        return {
          cells: [
            index === 0 ? account.account : '',
            `${part}: ${regionsText(stacks.map(({ region }) => region))}`,
            kindsText(kinds),
            usd(microUsd),
          ],
        };
      }),
    ),
    ...canvas,
  });
}

function stacksAlike({ stacks }: InventoryAccount) {
  const alike = new Map<string, { part: string; stacks: (typeof stacks)[number][]; kinds: Kinds }>();
  for (const stack of stacks) {
    const part = partOf({ id: stack.stack });
    const key = `${part} ${JSON.stringify(stack.resources)}`;
    const known = alike.get(key);
    if (known === undefined) alike.set(key, { part, stacks: [stack], kinds: stack.resources });
    else known.stacks.push(stack);
  }
  return [...alike.values()];
}

type Kinds = ReturnType<typeof countByKind>;

const REGIONS_NAMED_MAX = 4;

function regionsText(regions: readonly string[]): string {
  const named = [...new Set(regions)];
  return named.length <= REGIONS_NAMED_MAX ? named.join(', ') : `${named.length} regions`;
}

const kindsText = (kinds: Kinds): string =>
  Object.entries(kinds)
    .map(([kind, count]) => `${count} ${kind.replace('::', ' ')}`)
    .join(', ');

function drawItems({ bill }: DeploymentPlan, canvas: Canvas): readonly string[] {
  const parts = [...new Set(bill.items.map(({ part }) => part))];
  const rows = parts.flatMap((part) =>
    rowsOfPart(
      part,
      bill.items.filter((item) => item.part === part),
    ),
  );
  return renderTable({
    columns: [
      { heading: 'part' },
      { heading: 'item' },
      { heading: 'of', widthMin: 12 },
      { heading: 'quantity', align: 'right' },
      { heading: 'USD/month', align: 'right' },
    ],
    rows: [...rows, { cells: [strong('all'), '', '', '', strong(usd(bill.microUsd))] }],
    ...canvas,
  });
}

function rowsOfPart(part: string, items: readonly BillItem[]) {
  const large = items.filter(({ microUsd }) => microUsd >= SMALL_MICRO_USD);
  const small = items.filter(({ microUsd }) => microUsd < SMALL_MICRO_USD);
  const total = items.reduce((sum, { microUsd }) => sum + microUsd, 0);
  const smallTotal = small.reduce((sum, { microUsd }) => sum + microUsd, 0);
  return [
    { cells: [strong(part), '', '', '', strong(usd(total))] },
    ...large.map(({ item, of, quantity: count, microUsd }) => ({
      cells: ['', item, of, amount(item, count), usd(microUsd)],
    })),
    ...(small.length === 0
      ? []
      : [
          {
            cells: [
              '',
              `${small.length} smaller ${small.length === 1 ? 'item' : 'items'}`,
              '',
              '',
              usd(smallTotal),
            ],
          },
        ]),
  ];
}

const MEBIBYTE_MS_PER_GIB_SECOND = 1_024_000;
const BYTES_PER_GIB = 1_073_741_824;

/** In units that people know. */
function amount(item: string, count: number): string {
  if (/^lambda-(?:duration|provisioned)$/.test(item))
    return `${quantity(count / MEBIBYTE_MS_PER_GIB_SECOND)} GB-seconds`;
  if (/-(?:storage|pitr|ingestion)$/.test(item)) return `${quantity(count / BYTES_PER_GIB)} GiB`;
  return quantity(count);
}

const strong = (text: string) => ({ text, ink: 'strong' as const });

function discoveryText({ bill, discoveryEverySeconds }: DeploymentPlan): string {
  return `Discovery every ${discoveryEverySeconds} s takes at most USD ${usd(bill.discoveryMicroUsdMax)} a month in an account and region.`;
}

/** With cents, and thousands apart. */
function usd(microUsd: number): string {
  const cents = Math.round(microUsd / MICRO_USD_PER_CENT);
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${whole}.${String(cents % 100).padStart(2, '0')}`;
}
