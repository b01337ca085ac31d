/** What DescribeInstances is asked for. Conditions are joined by and, the values of one by or. */
export interface InstanceQuestion {
  /** Asked as a filter in pieces of 200, not as InstanceIds: one that has just vanished must not fail all others. */
  ids?: readonly string[];
  /** API filters: `tag:env`, `instance-state-name`, `tag:aws:autoscaling:groupName` ... Values may have * and ?. */
  filters?: readonly Filter[];
}

/** What DescribeAutoScalingGroups is asked for; without either for all groups. */
export interface GroupQuestion {
  /** Exact names, asked in pieces of 100. Unknown ones are silently absent from the answer. */
  names?: readonly string[];
  /** API filters: `tag:KEY`, `tag-key`. */
  filters?: readonly Filter[];
}

export interface Filter {
  name: string;
  values: readonly string[];
}
