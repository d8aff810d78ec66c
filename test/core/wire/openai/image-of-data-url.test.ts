import { expect, it } from 'vitest';
import { imageOfDataUrl } from '#core/wire/openai/image-of-data-url.ts';

it.each([
  ['data:image/png;base64,AAAA', 'png'],
  ['data:IMAGE/JPEG;BASE64,AAA=', 'jpeg'],
  ['data:image/jpg;base64,AA==', 'jpeg'],
  ['data:image/gif;base64,AAAA', 'gif'],
  ['data:image/webp;base64,AAAA', 'webp'],
])('%s is an image of format %s', (url, format) => {
  expect(imageOfDataUrl(url)).toMatchObject({ image: { format } });
});

it.each([
  ['https://example.com/a.png', /not fetched/],
  ['', /not fetched/],
  ['data:', /must be of type/],
  ['data:image/svg+xml;base64,AAAA', /must be of type image\/png/],
  ['data:image/png,AAAA', /base64/],
  ['data:image/png;base64;x=http://169.254.169.254/,AAAA', /base64/],
  ['data:image/png;base64,', /base64/],
  ['data:image/png;base64,A', /base64/],
  ['data:image/png;base64,<svg', /base64/],
])('%s is refused with the reason', (url, reason) => {
  expect(imageOfDataUrl(url)).toMatch(reason);
});
