import { generateKeyPairSync, sign } from 'node:crypto';
import { expect, it } from 'vitest';
import { isCryptoSignature } from '#adapters/system/crypto-signature.ts';

const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const text = '{"chain":"acme/ü"}';
const signature = sign('sha256', Buffer.from(text), pair.privateKey).toString('base64');

it('knows what the private half signed, and nothing else', () => {
  expect(isCryptoSignature({ publicKey, text, signature })).toBe(true);
  expect(isCryptoSignature({ publicKey, text: `${text} `, signature })).toBe(false);
  expect(isCryptoSignature({ publicKey, text, signature: 'MEQC' })).toBe(false);
  expect(isCryptoSignature({ publicKey, text, signature: '' })).toBe(false);
  expect(isCryptoSignature({ publicKey: 'no key', text, signature })).toBe(false);
});
