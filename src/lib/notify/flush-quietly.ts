import { flushWaiting, type Sender } from './flush-waiting.ts';

/** A run that has nothing to tell itself does not wait long for others. */
const deadlineSeconds = 20;

/** Delivers what waits and is due. Whether it could be is told by devops jobs status and doctor, not by this run. */
export async function flushQuietly(
  folder: string,
  sender: Sender & { debug(message: string): void; signal: AbortSignal },
): Promise<void> {
  try {
    const { delivered, waiting } = await flushWaiting(folder, sender, { signal: sender.signal, deadlineSeconds });
    if (delivered.length > 0) sender.debug(`delivered ${delivered.length} that waited`);
    for (const { to, reason } of waiting) sender.debug(`${to} still waits: ${reason}`);
  } catch (error) {
    sender.debug(`what waits was not delivered: ${(error as Error).message}`);
  }
}
