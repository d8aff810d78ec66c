import { describe, expect, it } from 'vitest';
import { nothingListens } from '#cli/nothing-listens.ts';

describe('nothingListens', () => {
  it.each(['connect ECONNREFUSED 127.0.0.1:9', 'getaddrinfo ENOTFOUND nowhere', ''])(
    'says so of a refused connection, an unknown name and Node’s empty message: "%s"',
    (message) => expect(nothingListens({ message })).toBe(true),
  );

  it.each(['read ECONNRESET', 'a request has exceeded the configured 10000 ms requestTimeout.'])(
    'does not send a person to start what runs and stays silent: "%s"',
    (message) => expect(nothingListens({ message })).toBe(false),
  );
});
