/** Bedrock's quotas in one account and region, through the SDK's own client. */
import { ListServiceQuotasCommand, type ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { QuotaInventory } from '#usecases/ports/quota-inventory.ts';
import { translated } from './to-house-error.ts';

const SERVICE_CODE = 'bedrock';
/** The most that the API takes. */
const PAGE_SIZE = 100;

export function createServiceQuotasInventory(client: ServiceQuotasClient): QuotaInventory {
  return {
    async listQuotas(token, signal) {
      const call = new ListServiceQuotasCommand({
        ServiceCode: SERVICE_CODE,
        MaxResults: PAGE_SIZE,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { Quotas, NextToken } = await translated('ListServiceQuotas', () =>
        client.send(call, { abortSignal: signal }),
      );
      const quotas = (Quotas ?? []).map(({ QuotaName, Value }) => ({ name: QuotaName ?? '', value: Value }));
      const last = NextToken === undefined || NextToken === '';
      return { quotas, ...(last ? {} : { nextToken: NextToken }) };
    },
  };
}
