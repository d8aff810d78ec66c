import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTableKeys } from '#adapters/aws/dynamodb-table-keys.ts';

/** What DescribeTable answers, by the table. */
const tables: Readonly<Record<string, object>> = {
  'acme-routes': { Table: { TableName: 'acme-routes' } },
  'acme-tenants': { Table: { TableName: 'acme-tenants', SSEDescription: { SSEType: 'KMS' } } },
};

let server: Server;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const { TableName } = JSON.parse(Buffer.concat(chunks).toString());
    const table = tables[TableName];
    const code = TableName === 'acme-secret' ? 'AccessDeniedException' : 'ResourceNotFoundException';
    response.writeHead(table === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
    response.end(JSON.stringify(table ?? { __type: `com.amazonaws.dynamodb#${code}`, message: code }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => void server.close());

const keysOf = (...names: readonly string[]) =>
  createTableKeys(names, {
    region: 'us-east-1',
    credentials: { accessKeyId: 'LKIA111111111111', secretAccessKey: 'local' },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    attemptsMax: 1,
  }).underKeysOfDynamodb();

describe('the keys of tables', () => {
  it('are DynamoDB’s own where a table says nothing of them; a table that is not there has none', async () => {
    expect(await keysOf('acme-routes', 'acme-tenants', 'acme-observations')).toEqual(['acme-routes']);
  });

  it('are not known where a table may not be described', async () => {
    await expect(keysOf('acme-routes', 'acme-secret')).rejects.toThrow('AccessDenied');
  });
});
