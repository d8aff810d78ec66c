import { expect, it } from 'vitest';
import { contentLength } from '#core/chat/content-length.ts';
import type { ModelEvent } from '#core/chat/model-event.ts';

it.each<readonly [ModelEvent, number]>([
  [{ type: 'text-delta', index: 0, text: 'Hello' }, 5],
  [{ type: 'reasoning-delta', index: 0, text: 'Hm' }, 2],
  [{ type: 'reasoning-redacted', index: 0, dataBase64: 'AAAA' }, 4],
  [{ type: 'tool-use-delta', index: 0, inputJson: '{}' }, 2],
  [{ type: 'tool-use-start', index: 0, toolUseId: 'call-1', name: 'look' }, 0],
  [{ type: 'citation', index: 0, citation: { title: 'Far' } }, 0],
  [{ type: 'message-stop', stopReason: 'end_turn' }, 0],
])('is what %j shows: %i', (event, characters) => {
  expect(contentLength(event)).toBe(characters);
});
