import { DeliveryFailure } from '../notify/notifier.ts';
import { formatDuration } from '../quantity/duration.ts';
import { capturedText } from '../shell/head-and-tail.ts';
import { runProgram } from '../shell/run-program.ts';
import type { ComposedMail } from './compose-mail.ts';
import { oneLine } from './one-line.ts';
import type { SendLimits, SendResult } from './transport.ts';

/** EX_DATAERR, EX_NOUSER and EX_NOHOST of sysexits.h: the mail itself, or whom it is for. */
const permanentCodes: readonly number[] = [65, 67, 68];

/**
 * Hands a mail to a program that is called as sendmail(8) is: `-i`, because a lone dot ends nothing, and the recipients
 * as arguments, because none of them is to be read out of the mail. Nothing is returned by post about a failure that
 * the exit code tells.
 */
export async function sendBySendmail(
  { path, env }: { path: string; env: Readonly<Record<string, string | undefined>> },
  { from, to, bytes }: ComposedMail,
  { signal, deadlineSeconds }: SendLimits,
): Promise<SendResult> {
  const { end, stdout, stderr } = await runProgram({
    argv: [path, '-i', '-f', from, '--', ...to],
    env,
    // A program on this machine reads lines as this machine writes them.
    input: Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1'),
    signal,
    timeoutSeconds: deadlineSeconds,
    graceSeconds: 1,
    capture: { headBytes: 4_096, tailBytes: 0 },
  });
  signal.throwIfAborted();
  if (end.kind === 'exited' && end.code === 0) return { response: `taken by ${path}`, refused: [] };
  if (end.kind === 'not-started') throw new DeliveryFailure(end.message, { permanent: false });
  if (end.kind === 'timed-out' || end.kind === 'abandoned') {
    const took = formatDuration(deadlineSeconds);
    throw new DeliveryFailure(`${path} did not take the mail within ${took}`, { permanent: false });
  }
  const said = oneLine(capturedText(stderr) || capturedText(stdout));
  const how = end.kind === 'exited' ? `exit code ${end.code}` : end.kind === 'signalled' ? end.signal : 'it was ended';
  const permanent = end.kind === 'exited' && permanentCodes.includes(end.code);
  throw new DeliveryFailure(`${path} did not take the mail (${how})${said === '' ? '' : `: ${said}`}`, { permanent });
}
