import type { Answer, QuotaListing } from '#core/discovery/answers.ts';
import type { QuotaInventory, QuotaPage } from '../ports/quota-inventory.ts';

/** A service that never ends its pages must not fill a run: 10,000 rows are many times what Bedrock has. */
const PAGES_MAX = 100;

/** All rows, or why there are none: a page that fails fails the whole, for half a list would hide a zero. */
export async function askQuotas(
  quotas: QuotaInventory,
  ask: (call: (signal: AbortSignal) => Promise<QuotaPage>) => Promise<Answer<QuotaPage>>,
): Promise<Answer<readonly QuotaListing[]>> {
  const rows: QuotaListing[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const token = nextToken;
    const answer = await ask((signal) => quotas.listQuotas(token, signal));
    if (!answer.ok) return answer;
    rows.push(...answer.value.quotas);
    nextToken = answer.value.nextToken;
    if (nextToken === undefined) return { ok: true, value: rows };
  }
  return { ok: false, failure: 'EndlessPages' };
}
