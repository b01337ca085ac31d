/** Where a host can be reached. */
export interface Address {
  /** In the notation of net.isIP; an IPv6 one may have a zone, `fe80::1%eth0`. */
  address: string;
  family: 4 | 6;
}
