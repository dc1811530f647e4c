/**
 * Imported before anything else for its effect: zod compiles schemas with `new Function` where it may, and its trial of
 * that is reported as a violation under the server's content security policy, which forbids it. Schemas are then
 * interpreted, which is fast enough for control messages.
 */
import { config } from 'zod';

config({ jitless: true });
