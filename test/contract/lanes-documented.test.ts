/** The table of docs/guides/lanes.md is what the defaults come to. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { poolLoss } from '#core/capacity/reservation-loss.ts';
import { plannedDemands, reservedSlots } from '#core/capacity/reservation-sizes.ts';
import acme from '#examples/acme.config.ts';

const guide = fileURLToPath(new URL('../../docs/guides/lanes.md', import.meta.url));
const HEAD = '| ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n';

function tableOfDefaults(): string {
  const parsed = parseConfig(acme);
  if (!parsed.ok) throw new Error('the example is sound');
  const { lanes } = parsed.config;
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  return [4, 8, 16, 32, 64, 128, 256]
    .map((slots) => {
      const reserved = reservedSlots(slots, lanes);
      const { blockedShares, usedShare } = poolLoss(slots, plannedDemands(slots, reserved, lanes));
      const shares = [blockedShares.interactive, blockedShares.standard, blockedShares.bulk, usedShare];
      return `| ${[slots, reserved.standard, reserved.bulk, ...shares.map(percent)].join(' | ')} |\n`;
    })
    .join('');
}

it('shows what is kept free by default, and what comes of it', () => {
  const text = readFileSync(guide, 'utf8');
  const start = text.indexOf(HEAD) + HEAD.length;
  const end = text.indexOf('\n\n', start) + 1;
  expect(text.slice(start, end)).toBe(tableOfDefaults());
});
