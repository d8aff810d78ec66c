import type { ImageBlock } from '../../chat/chat-request.ts';

const formats: ReadonlyMap<string, ImageBlock['image']['format']> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/jpg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
]);
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** The image of a `data:` URL, or the sentence that says what is wrong with it. */
export function imageOfDataUrl(url: string): ImageBlock | string {
  if (!url.startsWith('data:')) {
    return 'must be a data: URL with the image itself; a remote address is not fetched, since that would leave the residency';
  }
  const comma = url.indexOf(',');
  const [mediaType = '', ...encoding] = url
    .slice('data:'.length, Math.max(comma, 0))
    .toLowerCase()
    .split(';');
  const format = formats.get(mediaType);
  if (format === undefined) return `must be of type ${[...formats.keys()].join(', ')}`;
  const bytesBase64 = url.slice(comma + 1);
  if (encoding.join(';') !== 'base64' || bytesBase64.length % 4 !== 0 || !base64.test(bytesBase64)) {
    return 'must hold the image in base64 after ";base64,"';
  }
  return { image: { format, bytesBase64 } };
}
