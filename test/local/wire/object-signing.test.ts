import { createHash, createHmac } from 'node:crypto';
import http from 'node:http';
import { Sha256 } from '@aws-crypto/sha256-js';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SignatureV4 } from '@smithy/signature-v4';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createS3Service } from '#local/services/s3/s3.ts';
import type { LocalServer } from '#local/wire/local-server.ts';
import { clientOptions, credentialsOf, startTestServer } from '#test/builders/local-test-server.ts';

let server: LocalServer;
let s3: S3Client;
const Bucket = 'signed-bucket';
beforeAll(async () => {
  server = await startTestServer({ services: [createS3Service()] });
  s3 = new S3Client(clientOptions(server));
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await server.close();
});

const signer = () =>
  new SignatureV4({
    service: 's3',
    region: 'us-east-1',
    credentials: credentialsOf(),
    sha256: Sha256,
    uriEscapePath: false,
    applyChecksum: false,
  });

interface Sent {
  readonly method: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly headers: Record<string, string>;
}

function requestOf({ method, path, query = {}, headers }: Sent) {
  const { host, hostname, port } = new URL(server.url);
  return {
    method,
    protocol: 'http:',
    hostname,
    port: Number(port),
    path,
    query,
    headers: { host, ...headers },
  };
}

async function send({ method, path, query = {}, headers }: Sent, body?: string | Uint8Array) {
  const text = new URLSearchParams(query).toString();
  const { host: _, ...rest } = headers;
  const url = `${server.url}${path}${text === '' ? '' : `?${text}`}`;
  const response = await fetch(url, {
    method,
    headers: rest,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
  });
  const answer = await response.text();
  return { status: response.status, text: answer, code: /<Code>(.*)<\/Code>/.exec(answer)?.[1] };
}

async function signAndSend(sent: Sent, body?: string | Uint8Array) {
  return send((await signer().sign(requestOf(sent))) as Sent, body);
}

const stored = async (Key: string) =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');

describe('payloads', () => {
  it('need not be signed where the caller says so, and must match where it tells a hash', async () => {
    const put = (key: string, hash: string) =>
      signAndSend(
        { method: 'PUT', path: `/${Bucket}/${key}`, headers: { 'x-amz-content-sha256': hash } },
        'body',
      );
    expect((await put('unsigned', 'UNSIGNED-PAYLOAD')).status).toBe(200);
    expect(await stored('unsigned')).toBe('body');
    expect((await put('hashed', sha256('body'))).status).toBe(200);
    expect(await put('other', sha256('other'))).toMatchObject({
      status: 400,
      code: 'XAmzContentSHA256Mismatch',
    });
  });

  it('fails without a hash, a signature, or an element that is known', async () => {
    const path = `/${Bucket}/none`;
    expect(await signAndSend({ method: 'PUT', path, headers: {} }, 'x')).toMatchObject({
      code: 'InvalidRequest',
    });
    expect((await send({ method: 'GET', path, headers: {} })).status).toBe(403);
    const configure = (body: string) => {
      const headers = { 'x-amz-content-sha256': sha256(body) };
      return signAndSend({ method: 'PUT', path: `/${Bucket}`, query: { encryption: '' }, headers }, body);
    };
    const documents = [
      '<a>',
      '<!DOCTYPE a [<!ENTITY b "c">]><ServerSideEncryptionConfiguration>&b;</ServerSideEncryptionConfiguration>',
      '<ServerSideEncryptionConfiguration><Surprise/></ServerSideEncryptionConfiguration>',
      '<Other/>',
    ];
    for (const document of documents) expect((await configure(document)).code).toBe('MalformedXML');
  });
});

describe('chunks', () => {
  function keyOf(date: string): Buffer {
    let key: Buffer = Buffer.from(`AWS4${credentialsOf().secretAccessKey}`);
    for (const part of [date, 'us-east-1', 's3', 'aws4_request'])
      key = createHmac('sha256', key).update(part).digest();
    return key;
  }

  async function putChunks(key: string, change: (body: string) => string = (body) => body) {
    const signingDate = new Date();
    const signedAt = signingDate.toISOString().replaceAll(/[-:]|\.\d+/g, '');
    const chunks = ['first chunk, ', 'second chunk', ''];
    const headers = {
      'content-encoding': 'aws-chunked',
      'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': String(chunks.join('').length),
      'x-amz-trailer': 'x-amz-checksum-sha256',
    };
    const request = requestOf({ method: 'PUT', path: `/${Bucket}/${key}`, headers });
    const signed = await signer().sign(request, { signingDate });
    const authorization = String(signed.headers.authorization);
    let previous = /Signature=([0-9a-f]+)/.exec(authorization)?.[1] ?? '';
    const scope = `${signedAt.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const sign = (lines: string[]) =>
      createHmac('sha256', keyOf(signedAt.slice(0, 8)))
        .update(lines.join('\n'))
        .digest('hex');
    let body = '';
    for (const chunk of chunks) {
      previous = sign(['AWS4-HMAC-SHA256-PAYLOAD', signedAt, scope, previous, sha256(''), sha256(chunk)]);
      body += `${chunk.length.toString(16)};chunk-signature=${previous}\r\n${chunk}${chunk === '' ? '' : '\r\n'}`;
    }
    const checksum = createHash('sha256').update(chunks.join('')).digest('base64');
    const trailer = sha256(`x-amz-checksum-sha256:${checksum}\n`);
    const trailerSignature = sign(['AWS4-HMAC-SHA256-TRAILER', signedAt, scope, previous, trailer]);
    body += `x-amz-checksum-sha256:${checksum}\r\nx-amz-trailer-signature:${trailerSignature}\r\n\r\n`;
    return send(signed as Sent, change(body));
  }

  it('that are signed, with a signed trailer, verify one after the other', async () => {
    expect(await putChunks('chunked')).toMatchObject({ status: 200 });
    expect(await stored('chunked')).toBe('first chunk, second chunk');
  });

  it('fail when one byte of one, the trailer, the length or the framing is another', async () => {
    const changes: [string, (body: string) => string, string][] = [
      ['byte', (body) => body.replace('second', 'secand'), 'SignatureDoesNotMatch'],
      ['unsigned', (body) => body.replace(/;chunk-signature=[0-9a-f]{64}/, ''), 'SignatureDoesNotMatch'],
      ['trailer', (body) => body.replace(/(x-amz-checksum-sha256:)./, '$1_'), 'SignatureDoesNotMatch'],
      [
        'unannounced',
        (body) => body.replace('x-amz-checksum-sha256', 'x-amz-meta-sneaked'),
        'IncompleteBody',
      ],
      ['cut', (body) => body.slice(0, 120), 'IncompleteBody'],
      ['none', () => 'no chunks', 'IncompleteBody'],
    ];
    for (const [what, change, code] of changes) {
      expect([what, (await putChunks('broken', change)).code]).toEqual([what, code]);
    }
  });
});

describe('presigned URLs', () => {
  const presign = async (method: string, key: string, options: { expiresIn: number; signingDate?: Date }) => {
    // As the SDK's presigner does: the header moves into the query and stands for the body.
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' };
    const request = requestOf({ method, path: `/${Bucket}/${key}`, headers });
    return (await signer().presign(request, options)) as Sent;
  };

  it('let their holder write and read without a key', async () => {
    const written = await presign('PUT', 'shared', { expiresIn: 60 });
    expect(await send(written, 'by url')).toMatchObject({ status: 200 });
    expect(await send(await presign('GET', 'shared', { expiresIn: 60 }))).toMatchObject({
      status: 200,
      text: 'by url',
    });
  });

  it('fail for another key, another method, and after their time', async () => {
    const url = await presign('GET', 'shared', { expiresIn: 60 });
    expect((await send({ ...url, path: `/${Bucket}/other` })).code).toBe('SignatureDoesNotMatch');
    expect((await send({ ...url, method: 'DELETE' })).code).toBe('SignatureDoesNotMatch');
    const old = await presign('GET', 'shared', { expiresIn: 60, signingDate: new Date(Date.now() - 61_000) });
    expect(await send(old)).toMatchObject({ status: 403, code: 'AccessDenied' });
  });
});

describe('hosts', () => {
  it('may name the bucket', async () => {
    const { port } = new URL(server.url);
    const httpAgent = new http.Agent({
      lookup: (_, { all }, done) =>
        all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4),
    });
    const client = new S3Client({
      ...clientOptions(server),
      endpoint: `http://localhost:${port}`,
      requestHandler: { httpAgent },
    });
    await client.send(new PutObjectCommand({ Bucket, Key: 'by/host', Body: 'named' }));
    expect(await stored('by/host')).toBe('named');
    client.destroy();
    httpAgent.destroy();
  });
});
