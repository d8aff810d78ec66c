import { expect, it } from 'vitest';
import { openAiFile, openAiPage } from '#core/wire/openai/file-object.ts';

const file = {
  tenant: 'demo',
  id: 'file-1',
  revision: 1,
  purpose: 'batch',
  filename: 'in.jsonl',
  bytes: 12,
  createdAt: 1_700_000_000_999,
  expiresAt: 1_700_000_100_000,
  residency: 'eu',
  key: 'files/demo/file-1',
  readers: [],
} as const;

it('shows a file with whole seconds, and nothing of where it stands', () => {
  expect(openAiFile(file)).toEqual({
    id: 'file-1',
    object: 'file',
    bytes: 12,
    created_at: 1_700_000_000,
    expires_at: 1_700_000_100,
    filename: 'in.jsonl',
    purpose: 'batch',
    status: 'processed',
    status_details: null,
  });
});

it('shows a page with its ends, also an empty one', () => {
  expect(openAiPage({ items: [file], hasMore: true }, openAiFile)).toMatchObject({
    object: 'list',
    first_id: 'file-1',
    last_id: 'file-1',
    has_more: true,
  });
  expect(openAiPage({ items: [], hasMore: false }, openAiFile)).toMatchObject({ data: [], last_id: null });
});
