import type { Work } from '../call/work.ts';
import { blocksOf, textsOf } from '../chat/chat-needs.ts';
import type { ChatRequest } from '../chat/chat-request.ts';
import { type ImageSize, imageSizeOf } from './image-size.ts';
import { measureText } from './measure-text.ts';
import { emptyShape, type TextShape } from './text-shape.ts';

/** All that a model reads of a call, counted once for every family of models. */
export interface WorkShape {
  readonly text: TextShape;
  /** Undefined: an image whose size its head does not tell. */
  readonly images: readonly (ImageSize | undefined)[];
  /** Of documents that come as files. */
  readonly documentBytes: number;
  /** Turns, tools and texts: each has words of the model's own template around it. */
  readonly parts: number;
}

export function measureWork(work: Work): WorkShape {
  if (work.kind !== 'embedding') return measureChat(work.request);
  const text = emptyShape();
  for (const each of work.request.texts) measureText(each, text);
  return { text, images: [], documentBytes: 0, parts: work.request.texts.length };
}

function measureChat(request: ChatRequest): WorkShape {
  const { tools, responseFormat, messages, system } = request;
  const text = emptyShape();
  const blocks = blocksOf(request);
  for (const each of textsOf(blocks)) measureText(each, text);
  for (const each of [...(tools?.specifications ?? []), responseFormat])
    if (each !== undefined) measureText(JSON.stringify(each), text);
  const images: (ImageSize | undefined)[] = [];
  let documentBytes = 0;
  for (const block of blocks) {
    if ('image' in block) images.push(imageSizeOf(block.image.format, block.image.bytesBase64));
    else if ('document' in block && 'bytesBase64' in block.document.source)
      documentBytes += (block.document.source.bytesBase64.length * 3) / 4;
  }
  const parts = messages.length + (system.length > 0 ? 1 : 0) + (tools?.specifications.length ?? 0);
  return { text, images, documentBytes, parts };
}
