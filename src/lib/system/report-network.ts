// How the machine is connected: the section network.
// Public like the whole record: report.ts tells its units.

export interface NetworkSection {
  interfaces: NetworkInterface[];
  listeners?: Listener[];
  /** Connections by state, TCP over IPv4 and IPv6. */
  tcp?: TcpStates;
  conntrack?: Conntrack;
}

export interface NetworkInterface {
  name: string;
  /** `operstate` of the kernel: `up`, `down`, `unknown`, `dormant` ... */
  state: string;
  mac?: string;
  mtu?: number;
  /** In CIDR form. */
  addresses: string[];
  speed_bits_per_second?: number;
  /** Cumulative since boot. */
  received_bytes: number;
  sent_bytes: number;
  received_packets: number;
  sent_packets: number;
  receive_errors: number;
  send_errors: number;
  receive_drops: number;
  send_drops: number;
  received_bytes_per_second?: number;
  sent_bytes_per_second?: number;
  /** Errors in both directions during the sample. */
  errors_per_second?: number;
  drops_per_second?: number;
}

export interface Listener {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
}

export interface TcpStates {
  established: number;
  time_wait: number;
  close_wait: number;
  listen: number;
  other: number;
}

export interface Conntrack {
  entries: number;
  limit: number;
  used_pct: number;
}
