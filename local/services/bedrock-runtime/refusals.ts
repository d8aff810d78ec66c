import {
  AccessDeniedException,
  ThrottlingException,
  ValidationException,
} from '@aws-sdk/client-bedrock-runtime';

/** A request that is wrong in itself: 400. */
export function invalid(message: string): ValidationException {
  return new ValidationException({ message, $metadata: {} });
}

/** A member outside its allowed values, in the words of AWS's own request validation. */
export function constraint(value: unknown, member: string, must: string): ValidationException {
  return invalid(
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must ${must}`,
  );
}

/** Nobody may do this here: 403. */
export function accessDenied(message: string): AccessDeniedException {
  return new AccessDeniedException({ message, $metadata: {} });
}

/** The account has used up what it may take: 429. */
export function throttled(message: string): ThrottlingException {
  return new ThrottlingException({ message, $metadata: {} });
}
