/**
 * Why an instance or a group is left alone. Public: the words stay as they are within a major version. A record with an
 * `error` has words of its own, see `powerErrorCodes`.
 */
export const powerCodes = {
  'already-stopped': 'it is stopped, or stopping already',
  'already-running': 'it is running, or starting already',
  'not-running': 'it cannot be stopped in the state that it is in',
  stopping: 'it is still stopping and cannot be started yet',
  terminated: 'it is terminated, or about to be',
  itself: 'devops runs on it',
  protected: 'it has the tag devops:protect, or AWS refuses because of its stop protection',
  'group-member': 'it belongs to an autoscaling group, which would replace it',
  'partly-selected': 'only some members of the autoscaling group were selected',
  'spot-one-time': 'a spot instance of a one-time request cannot be stopped',
  'instance-store': 'its root device is an instance store, and would be lost',
  unsupported: 'AWS refuses it for another reason that will not go away',
  'started-since': 'somebody has started it since its schedule switched to off',
  'opted-out': 'its own schedule has nothing to say',
  'stale-event': 'its own schedule has switched since this run was due',
  'no-mark': 'devops has not stopped it',
  'spent-mark': 'somebody has started it since devops stopped it',
  'other-schedule': 'another schedule has stopped it',
  orphaned: 'another schedule has stopped it, and has not started it again in its time; a warning',
  'stopped-by-hand': 'it was stopped by hand: it comes back by its id or with --run',
  'other-run': 'another run has stopped it',
} as const;

export type PowerCode = keyof typeof powerCodes;

/** Words of `error.code` in records of what could not be done. Public. */
export const powerErrorCodes = {
  'not-found': 'there is no such instance or group where it was looked for',
  vanished: 'the instance has vanished while it was worked on',
  terminated: 'the instance was terminated while it was worked on',
  'mark-failed': 'the tag could not be written, and so the instance was not stopped',
  'mark-not-removed': 'the instance was started, but its tag could not be removed',
  'malformed-mark': 'the tag devops:stopped or devops:asg cannot be read',
  'malformed-schedule': "the instance's own schedule cannot be read",
  'hibernation-not-configured': 'the instance cannot hibernate',
  'no-capacity': 'AWS has no room for the instance now, or a quota is used up',
  'fell-back': 'the instance was started, and has stopped by itself',
  'started-meanwhile': 'the instance was started again while it was being stopped',
  'stopped-meanwhile': 'the instance was stopped again while it was being started',
  refused: 'AWS refused the call',
  unverified: 'the end was not seen in time',
} as const;

export type PowerErrorCode = keyof typeof powerErrorCodes;
