import type { MissingData } from './alarm-definition.ts';

/** Why an event that did not happen is no bad sign. */
export const nothingHappened = (because: string): MissingData => ({ treatedAs: 'notBreaching', because });

/** Why an event that should have happened is missed. */
export const shouldHaveCome = (because: string): MissingData => ({ treatedAs: 'breaching', because });
