import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from './context-of.ts';
import { namedError } from './error-body.ts';
import { streamingMark } from './install-global.ts';
import type { ResponseStream } from './runtime-client.ts';

export type StreamingHandler = (event: unknown, stream: ResponseStream, context: Context) => Promise<void>;
type BufferedHandler = (event: unknown, context: Context) => unknown;

export type LoadedHandler =
  | { readonly isStreaming: true; readonly handler: StreamingHandler }
  | { readonly isStreaming: false; readonly handler: BufferedHandler };

const ownRequire = createRequire(import.meta.url);

/** In the order in which AWS's client looks for them. */
const extensions = ['', '.js', '.mjs', '.cjs'];

/** A handler that takes so many wants a callback, which Node 24 in Lambda does not give. */
const CALLBACK_PARAMETERS = 3;

/** @throws an Error named as Lambda names it: Runtime.ImportModuleError, Runtime.HandlerNotFound, ... */
export async function loadHandler(folder: string, handler: string): Promise<LoadedHandler> {
  const [, path, name] = /^((?:.*\/)?[^./]*)\.([^/]*)$/.exec(handler) ?? [];
  if (path === undefined || name === undefined || handler.includes('..'))
    throw namedError('Runtime.MalformedHandlerName', 'Bad handler');
  const found = exportAt(await load(folder, path), name);
  if (found === undefined)
    throw namedError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function')
    throw namedError('Runtime.HandlerNotFound', `${handler} is not a function`);
  if (Reflect.get(found, streamingMark) === 'response')
    return { isStreaming: true, handler: found as StreamingHandler };
  if (found.length >= CALLBACK_PARAMETERS) {
    const message = 'Node.js 24 and later have no callback-based function handlers in Lambda';
    throw namedError('Runtime.CallbackHandlerDeprecated', message);
  }
  return { isStreaming: false, handler: found as BufferedHandler };
}

async function load(folder: string, path: string): Promise<unknown> {
  const file = resolve(folder, path);
  const found = extensions.map((extension) => file + extension).find((name) => existsSync(name));
  try {
    // What is no file may be a package.
    return await import(pathToFileURL(found ?? ownRequire.resolve(path, { paths: [folder] })).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw namedError('Runtime.UserCodeSyntaxError', String(error));
    if (Reflect.get(Object(error), 'code') === 'MODULE_NOT_FOUND')
      throw namedError('Runtime.ImportModuleError', String(error));
    throw error;
  }
}

function exportAt(module: unknown, name: string): unknown {
  const walk = (from: unknown) =>
    name
      .split('.')
      .reduce<unknown>(
        (value, key) => (typeof value === 'object' ? Reflect.get(value ?? {}, key) : undefined),
        from,
      );
  return walk(module) ?? walk(Reflect.get(Object(module), 'default'));
}
