import type { AsgAddress } from '../lib/aws/addresses/asg-address.ts';

/**
 * Targets for `file_sd_configs` of Prometheus, one entry an address:
 * https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config. Labels are text.
 */
export function fileSdTargets(results: readonly AsgAddress[], port: number | undefined): string {
  const entries = results.map((result) => {
    const host = result.ip.includes(':') ? `[${result.ip}]` : result.ip;
    const labels: Record<string, string> = {
      asg: result.group,
      instance_id: result.id,
      instance_type: result.type,
      az: result.az,
      region: result.region,
      account: result.account,
    };
    if (result.name !== undefined) labels['name'] = result.name.toWellFormed();
    return `  ${JSON.stringify({ targets: [port === undefined ? host : `${host}:${port}`], labels })}`;
  });
  return entries.length === 0 ? '[]\n' : `[\n${entries.join(',\n')}\n]\n`;
}
