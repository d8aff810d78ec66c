import { isRecord } from '../../world/body-check.ts';
import { ContainerError, misfit } from './container-error.ts';

/** What a container was sent, before anybody knows which API it means. */
export type ContainerBody = Readonly<Record<string, unknown>>;

/** Reads the body, or refuses it: 400 for what is no JSON, 422 for what is no object. */
export function parseContainerBody(bytes: Uint8Array | undefined): ContainerBody {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes ?? new Uint8Array()));
  } catch {
    throw new ContainerError(400, 'The request body is not valid JSON.');
  }
  if (!isRecord(value)) throw misfit('body', 'an object');
  return value;
}

/** One container serves one model: another name is refused, none is its own. */
export function checkModel(model: unknown, servedModel: string | undefined): void {
  if (model !== undefined && typeof model !== 'string') throw misfit('model', 'a string');
  if (servedModel !== undefined && model !== undefined && model !== servedModel) {
    throw new ContainerError(404, `The model \`${model}\` does not exist.`);
  }
}
