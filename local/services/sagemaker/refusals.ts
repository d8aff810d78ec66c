import type { CallContext } from '../../service.ts';
import { WireError } from '../../wire/wire-error.ts';

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** SageMaker answers `ValidationException` without modelling it. */
export function invalid(message: string): WireError {
  return new WireError('ValidationException', 400, message);
}

/** A name that SageMaker lets a resource have. */
export function checkName(name: string | undefined, member: string): string {
  if (name !== undefined && NAME.test(name)) return name;
  throw invalid(
    `1 validation error detected: Value '${name ?? ''}' at '${member}' failed to satisfy constraint: Member must satisfy regular expression pattern: ${NAME.source}`,
  );
}

/** SageMaker spells the name in an ARN in small letters. */
export function sagemakerArn(context: CallContext, kind: string, name: string): string {
  return `arn:aws:sagemaker:${context.region}:${context.account}:${kind}/${name.toLowerCase()}`;
}

export function missing(what: string, arn: string): WireError {
  return invalid(`Could not find ${what} "${arn}".`);
}

export function existing(what: string, arn: string): WireError {
  return invalid(`Cannot create already existing ${what} "${arn}".`);
}
