import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { kubernetesName } from '../../../../src/lib/schedule/render/kubernetes-name.ts';
import { type KubernetesSettings, renderKubernetes } from '../../../../src/lib/schedule/render/kubernetes.ts';
import { requireProgram } from '../../../support/services.ts';
import { scheduledJob } from './scheduled-job.ts';

const python = findPython();

const settings: KubernetesSettings = {
  config: '/etc/devops.yaml',
  image: 'registry.example/devops:1',
  machineZone: 'Europe/Berlin',
  lint: () => [{ job: 'x', code: 'clocks-skip', message: 'a finding\nwith a line: feed', hint: 'a hint' }],
};
const rich = scheduledJob({
  name: 'on',
  schedule: '@daily',
  splaySeconds: 60,
  catchUp: 'latest',
  overlap: { kind: 'replace' },
  timeoutSeconds: 100,
  killAfterSeconds: 7.5,
});

describe('a CronJob', () => {
  test('has what the job says', () => {
    const [plain, other] = renderKubernetes([scheduledJob(), rich], {
      ...settings,
      namespace: 'ops',
      stateClaim: 'state',
    }).files;
    expect(plain!.name).toBe('devops-backup-db.yaml');
    expect(plain!.content).toContain('concurrencyPolicy: Forbid\n');
    expect(plain!.content).toContain('startingDeadlineSeconds: 300\n');
    expect(plain!.content).not.toContain('activeDeadlineSeconds');
    expect(plain!.content).toContain('timeZone: "Europe/Berlin"\n');
    expect(other!.content).toContain('concurrencyPolicy: Replace\n');
    expect(other!.content).toContain('schedule: "0 0 * * *"\n');
    // 100 and 7.5, a minute for telling of it, and its splay.
    expect(other!.content).toContain('activeDeadlineSeconds: 228\n');
    expect(other!.content).toContain('"run", "--splay", "on"]');
    expect(other!.content).toContain('persistentVolumeClaim: { claimName: "state" }');
    expect(other!.content).toMatch(/^# warning: x: a finding\\nwith/m);
  });

  test.skipIf(python === undefined)(
    'passes the JSON schema that Kubernetes publishes, and no other field is in it',
    () => {
      const jobs = [
        scheduledJob(),
        rich,
        scheduledJob({ name: 'yes', timezone: 'UTC' }),
        scheduledJob({ name: '1e3' }),
      ];
      const withAll = { ...settings, namespace: 'ops', stateClaim: 'state' };
      const text = [settings, withAll]
        .flatMap((each) => renderKubernetes(jobs, each).files.map(({ content }) => content))
        .join('');
      expect(validate(text)).toEqual({ documents: 8, commands: expect.arrayContaining(['on', 'yes', '1e3']) });
      expect(() => validate(text.replace('concurrencyPolicy', 'concurencyPolicy'))).toThrow(/concurencyPolicy/);
    },
  );
});

describe('the name of a CronJob', () => {
  test.each([
    ['backup-db', 'devops-backup-db'],
    ['Backup_DB', expect.stringMatching(/^devops-backup-db-[0-9a-f]{8}$/)],
    ['a.b', expect.stringMatching(/^devops-a-b-[0-9a-f]{8}$/)],
    ['x-', expect.stringMatching(/^devops-x-[0-9a-f]{8}$/)],
    ['x'.repeat(45), `devops-${'x'.repeat(45)}`],
    ['x'.repeat(46), expect.stringMatching(/^devops-x{36}-[0-9a-f]{8}$/)],
  ])('of %s', (job, expected) => {
    expect(kubernetesName(job)).toEqual(expected);
    expect(kubernetesName(job).length).toBeLessThanOrEqual(52);
  });

  test('is another one for another job', () => {
    const jobs = ['a-b', 'a.b', 'a_b', 'A-b', `${'x'.repeat(50)}1`, `${'x'.repeat(50)}2`];
    expect(new Set(jobs.map(kubernetesName)).size).toBe(jobs.length);
  });
});

function validate(text: string): unknown {
  const script = `
import json, sys, yaml, kubernetes_validate
documents = list(yaml.safe_load_all(sys.stdin))
for document in filter(None, documents):
    for version in ("1.27", kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)
documents = [document for document in documents if document]
command = lambda d: d["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0]["command"][-1]
print(json.dumps({"documents": len(documents), "commands": [command(d) for d in documents]}))`;
  return JSON.parse(
    execFileSync(python!, ['-c', script], { input: text, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] }),
  );
}

/** That of scripts/test-services, or one on PATH that has the module. */
function findPython(): string | undefined {
  const checkout = fileURLToPath(new URL('../../../../.venv/bin/python3', import.meta.url));
  for (const candidate of [checkout, 'python3']) {
    try {
      execFileSync(candidate, ['-c', 'import kubernetes_validate'], { stdio: 'ignore', timeout: 30_000 });
      return candidate;
    } catch {
      // The next one may have it.
    }
  }
  // No program has such a name: this is the report of a missing one.
  return requireProgram('python3-kubernetes-validate', 'the CronJobs are not checked against the schema of Kubernetes');
}
