import { existsSync } from 'node:fs';
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

/** In the order in which AWS's client looks for them. */
const extensions = ['', '.js', '.mjs', '.cjs'];

/** @throws an Error named as Lambda names it: Runtime.ImportModuleError, Runtime.HandlerNotFound, ... */
export async function loadHandler(folder: string, handler: string): Promise<LoadedHandler> {
  const [, path, name] = /^((?:.*\/)?[^./]*)\.([^/]*)$/.exec(handler) ?? [];
  if (path === undefined || name === undefined || handler.includes('..'))
    throw namedError('Runtime.MalformedHandlerName', 'Bad handler');
  const found = exportAt(await load(resolve(folder, path), path), name);
  if (found === undefined)
    throw namedError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  if (typeof found !== 'function')
    throw namedError('Runtime.HandlerNotFound', `${handler} is not a function`);
  return Reflect.get(found, streamingMark) === 'response'
    ? { isStreaming: true, handler: found as StreamingHandler }
    : { isStreaming: false, handler: found as BufferedHandler };
}

async function load(file: string, name: string): Promise<unknown> {
  const found = extensions.map((extension) => file + extension).find((path) => existsSync(path));
  if (found === undefined)
    throw namedError('Runtime.ImportModuleError', `Error: Cannot find module '${name}'`);
  try {
    return await import(pathToFileURL(found).href);
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
