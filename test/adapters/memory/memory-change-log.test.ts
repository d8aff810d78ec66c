import { createMemoryChangeLog } from '#adapters/memory/memory-change-log.ts';
import { describeChangeLog } from '../../port-suites/change-log.suite.ts';

describeChangeLog('memory', async () => ({ log: createMemoryChangeLog(), close: async () => undefined }));
