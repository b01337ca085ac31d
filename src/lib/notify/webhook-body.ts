import type { Alert, AlertSubject } from './alert.ts';
import { clipText } from './clip-text.ts';
import { renderAlertText } from './render-alert-text.ts';

/**
 * What a webhook receives, as JSON of at most about 1.5 MB: the alert itself with the version of this form, and `text`,
 * the same in plain words, which Mattermost and others show as it is. Fields may be added within a version.
 */
export interface WebhookBody extends Alert {
  version: 1;
  text: string;
}

/** Longer than anything that is meant to be read. */
const longestText = 1000;
const mostChatText = 8000;
const mostOutput = 256 * 1024;

/** Pure. Long texts are cut, and of the output the end is kept. */
export function webhookBody(alert: Alert): WebhookBody {
  const { run, ...rest } = alert;
  if (run === undefined) return bodyOf(rest);
  const { output, ...withoutOutput } = run;
  const kept = output === undefined ? {} : { output: output.slice(-mostOutput) };
  return { ...bodyOf({ ...rest, run: withoutOutput }), run: { ...withoutOutput, ...kept } };
}

/** The output is left out of the text: it has a field of its own. */
function bodyOf(alert: Alert): WebhookBody {
  return {
    version: 1,
    ...alert,
    title: clipText(alert.title, longestText),
    subjects: alert.subjects.map(shorten),
    text: clipText(renderAlertText(alert), mostChatText),
  };
}

function shorten(subject: AlertSubject): AlertSubject {
  const { hint } = subject;
  return {
    ...subject,
    subject: clipText(subject.subject, longestText),
    message: clipText(subject.message, longestText),
    ...(hint === undefined ? {} : { hint: clipText(hint, longestText) }),
  };
}
