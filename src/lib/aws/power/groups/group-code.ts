/** Why a group or one of its members is left alone, beside `powerCodes`. Public: stable within a major version. */
export const groupCodes = {
  'being-deleted': 'the group is being deleted',
  'no-stoppable-member': 'none of its members can be stopped',
  'terminate-suspended': 'somebody has suspended its process Terminate, so it cannot be scaled to zero',
  'launch-suspended': 'somebody has suspended its process Launch, so its members would not be launched again',
  suspended: 'devops has stopped the group in the other mode',
  standby: 'somebody has taken the member out of service, into Standby',
  'warm-pool': 'the instance waits in the warm pool of the group',
  'not-in-service': 'the member is on its way into the group or out of it',
} as const;

export type GroupCode = keyof typeof groupCodes;

/** Words of `error.code` in records of what could not be done to a group, beside `powerErrorCodes`. Public. */
export const groupErrorCodes = {
  'changed-meanwhile': 'somebody has changed the sizes of the group since it was scaled to zero',
  'stopped-member': 'the group would terminate a member that devops has not stopped',
  'members-failed': 'not all members could be started',
  impaired: 'a member runs and does not pass its status checks',
} as const;

export type GroupErrorCode = keyof typeof groupErrorCodes;
