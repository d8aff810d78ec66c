/** A client's view of a stream: the message that its events add up to, by Anthropic's rules. */
import type { AnthropicEvent } from '#core/wire/anthropic/message-stream.ts';

type Block = Record<string, unknown>;
type Message = Record<string, unknown> & { content: Block[] };

/** @throws when an event stands where Anthropic's order has none */
export function accumulate(events: readonly AnthropicEvent[]): Message {
  const [start, ...rest] = events;
  if (start?.type !== 'message_start') throw new Error('message_start must come first');
  if (rest.at(-1)?.type !== 'message_stop') throw new Error('message_stop must come last');
  const message = structuredClone(start.message) as Message;
  const open = new Map<number, Block & { json?: string }>();
  for (const event of rest) {
    const index = event.index as number;
    if (event.type === 'content_block_start') {
      if (index !== message.content.length) throw new Error(`block ${index} begins out of turn`);
      const block = { ...(event.content_block as Block) };
      message.content.push(block);
      open.set(index, block);
    } else if (event.type === 'content_block_delta') {
      add(mustBe(open.get(index), `block ${index} is not open`), event.delta as Block);
    } else if (event.type === 'content_block_stop') {
      close(mustBe(open.get(index), `block ${index} is not open`));
      open.delete(index);
    } else if (event.type === 'message_delta') {
      if (open.size > 0) throw new Error('a block is still open at the end');
      Object.assign(message, event.delta, { usage: event.usage });
    }
  }
  return message;
}

function add(block: Block & { json?: string }, delta: Block): void {
  if (delta.type === 'text_delta') block.text = `${block.text}${delta.text}`;
  if (delta.type === 'thinking_delta') block.thinking = `${block.thinking}${delta.thinking}`;
  if (delta.type === 'signature_delta') block.signature = delta.signature;
  if (delta.type === 'input_json_delta') block.json = `${block.json ?? ''}${delta.partial_json}`;
  if (delta.type === 'citations_delta')
    block.citations = [...((block.citations as unknown[]) ?? []), delta.citation];
}

function close(block: Block & { json?: string }): void {
  if (block.type === 'tool_use' && block.json !== undefined) block.input = JSON.parse(block.json);
  delete block.json;
}

function mustBe<T>(value: T | undefined, message: string): T {
  if (value === undefined) throw new Error(message);
  return value;
}
