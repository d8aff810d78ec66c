import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { refuseConnection } from '#server/refuse-connection.ts';

function refused(code: string, answerBegun = false) {
  const socket = new PassThrough();
  refuseConnection(Object.assign(new Error('bad'), { code }), socket, answerBegun);
  return { text: String(socket.read() ?? ''), destroyed: socket.destroyed };
}

describe('refuseConnection', () => {
  it.each([
    ['HPE_HEADER_OVERFLOW', '431'],
    ['ERR_HTTP_REQUEST_TIMEOUT', '408'],
    ['HPE_INVALID_METHOD', '400'],
  ])('answers %s with %s and closes', (code, status) => {
    const { text } = refused(code);
    expect(text.startsWith(`HTTP/1.1 ${status} `)).toBe(true);
    expect(text).toContain('connection: close');
    const [head = '', body = ''] = text.split('\r\n\r\n');
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`);
    expect(JSON.parse(body).error.code).toBe('invalid_request');
  });

  it('adds nothing to an answer that has begun, and nothing to a lost socket', () => {
    expect(refused('HPE_INVALID_METHOD', true)).toEqual({ text: '', destroyed: true });
    expect(refused('ECONNRESET')).toEqual({ text: '', destroyed: true });
  });
});
