import type { Alert } from '../notify/alert.ts';
import type { AlertDraft } from './compose-alert.ts';
import { newRunId } from './run-id.ts';

/**
 * The alert of a draft, with its id and title. A run has one alert: when it is made once more, because devops was killed
 * before it could write down that it was made, whoever gets both sees by the id that they are about the same.
 */
export async function completeAlert(draft: AlertDraft, about: Pick<Alert, 'job' | 'host' | 'run'>): Promise<Alert> {
  // Most runs have nothing to tell.
  const { alertTitle } = await import('../notify/alert-title.ts');
  const parts = { ...draft, ...about };
  return { ...parts, id: about.run?.id ?? newRunId(), title: alertTitle(parts) };
}
