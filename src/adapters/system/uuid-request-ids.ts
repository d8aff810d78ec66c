import { randomUUID } from 'node:crypto';
import type { RequestIds } from '#usecases/ports/request-ids.ts';

/** Version 4 UUIDs: 122 bits from the operating system. */
export const uuidRequestIds: RequestIds = { next: () => randomUUID() };
