/** A gateway in memory with files and batches, for one of two tenants. */

import { aBatchRegion } from '#test/builders/a-batch-region.ts';
import { aGateway, type GatewayOptions } from '#test/builders/a-gateway.ts';
import type { BatchDesk } from '#usecases/batch/batch-services.ts';
import type { Tenant } from '#usecases/ports/tenant-directory.ts';

const demo: Tenant = {
  name: 'demo',
  residencies: ['us', 'eu', 'frankfurt'],
  defaultResidency: 'us',
  models: ['*'],
};
const other: Tenant = { ...demo, name: 'other' };

export function aBulkGateway(options: GatewayOptions & { readonly desk?: Partial<BatchDesk> } = {}) {
  const region = aBatchRegion();
  const desk = { ...region.desk, ...options.desk };
  const identify = async (key: string) =>
    key === 'sk-local' ? demo : key === 'sk-other' ? other : 'unknown';
  const made = aGateway({
    ...options,
    overrides: { tenants: { identify }, openBatches: async () => desk, ...options.overrides },
  });
  const ask = (path: string, init: RequestInit = {}, key = 'sk-local') =>
    made.gateway.handle(
      new Request(`http://gateway.test${path}`, {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
      }),
    );
  const json = async (path: string, init: RequestInit = {}, key?: string) => {
    const response = await ask(path, init, key);
    const body = (await response.json()) as Record<string, unknown> & {
      readonly id: string;
      readonly error?: { readonly code: string; readonly param: string | null };
    };
    return { status: response.status, body, headers: response.headers };
  };
  const upload = (text: string, headers: Record<string, string> = {}) => {
    const form = new FormData();
    form.set('purpose', 'batch');
    form.set('file', new Blob([text]), 'in.jsonl');
    return json('/v1/files', { method: 'POST', body: form, headers });
  };
  const create = (file: string, headers: Record<string, string> = {}, key?: string) =>
    json(
      '/v1/batches',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          input_file_id: file,
          endpoint: '/v1/chat/completions',
          completion_window: '24h',
        }),
      },
      key,
    );
  return { ...made, desk, ask, json, upload, create };
}
