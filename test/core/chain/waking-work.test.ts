import { expect, it } from 'vitest';
import { wakingWork } from '#core/chain/waking-work.ts';

it('is one word in and one token out, of each kind of model', () => {
  expect(wakingWork('chat-small', 'chat')).toEqual({
    kind: 'chat',
    stream: false,
    request: {
      model: 'chat-small',
      system: [],
      messages: [{ role: 'user', content: [{ text: 'ping' }] }],
      inference: { maxTokens: 1 },
    },
  });
  expect(wakingWork('embed', 'embedding')).toEqual({
    kind: 'embedding',
    request: { model: 'embed', texts: ['ping'], purpose: 'search_document' },
  });
});
