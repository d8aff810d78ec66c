import { issueSession, type SessionCredentials } from '../wire/access-keys.ts';

/** Longer than any environment lives. */
const KEYS_SECONDS = 12 * 3600;

/** Temporary keys of a role, as a service gets them that acts under it. */
export function roleCredentials(roleArn: string, sessionName: string): SessionCredentials {
  const account = roleArn.split(':')[4] ?? '';
  const roleName = roleArn.split('/').at(-1) ?? '';
  return issueSession({ account, roleArn, roleName, sessionName, durationSeconds: KEYS_SECONDS });
}
