/** A refusal as the API words it. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = usualStatus(code)) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
  }
}

const statuses: Record<string, number> = {
  RequestLimitExceeded: 503,
  Unavailable: 503,
  ServiceUnavailable: 503,
  InternalError: 500,
  InternalFailure: 500,
  InsufficientInstanceCapacity: 500,
  ResourceContention: 500,
  ScalingActivityInProgress: 400,
  UnauthorizedOperation: 403,
  AccessDenied: 403,
  AuthFailure: 401,
  OptInRequired: 403,
  InvalidClientTokenId: 403,
  SignatureDoesNotMatch: 403,
  MissingAuthenticationToken: 403,
  ExpiredToken: 403,
  DryRunOperation: 412,
};

export function usualStatus(code: string): number {
  return statuses[code] ?? 400;
}

/** What AWS says with a code when nothing more is known; for scripted faults. */
const texts: Record<string, string> = {
  RequestLimitExceeded: 'Request limit exceeded.',
  Throttling: 'Rate exceeded',
  ThrottlingException: 'Rate exceeded',
  ResourceContention:
    'You already have a pending update to an Amazon EC2 Auto Scaling resource (for example, an Auto Scaling group, instance, or load balancer).',
  UnauthorizedOperation: 'You are not authorized to perform this operation.',
  AccessDenied: 'User is not authorized to perform this operation',
  AuthFailure: 'AWS was not able to validate the provided access credentials',
  RequestExpired: 'Request has expired.',
  ExpiredToken: 'The security token included in the request is expired',
  OptInRequired:
    'You are not subscribed to this service. Please go to http://aws.amazon.com to subscribe or contact your administrator.',
  InternalError: 'An internal error has occurred',
  InternalFailure: 'We encountered an internal error. Please try again.',
  Unavailable: 'The server is overloaded and cannot handle the request.',
  ServiceUnavailable: 'Service is unavailable',
  InsufficientInstanceCapacity: 'Insufficient capacity.',
  TagLimitExceeded: "You've reached the limit on the number of tags that you can assign to the specified resource.",
  VcpuLimitExceeded:
    'You have requested more vCPU capacity than your current vCPU limit of 32 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.',
};

export function usualText(code: string): string {
  return texts[code] ?? `${code} as scripted`;
}
