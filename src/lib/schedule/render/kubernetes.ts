import { itemError } from '../../results/item-error.ts';
import { scheduleSeed } from '../cron/hash-value.ts';
import { readCron } from '../cron/read-cron.ts';
import { findingComment } from './finding-comment.ts';
import { kubernetesName } from './kubernetes-name.ts';
import { ownMark } from './own-files.ts';
import type { LintJob, RefusedJob, Rendered, RenderedFile, ScheduledJob } from './rendered.ts';
import { secondsOfRun } from './seconds-of-run.ts';

export interface KubernetesSettings {
  /** devops.yaml here; in the cluster it is that of the ConfigMap. */
  config: string;
  image: string;
  namespace?: string;
  /** A PersistentVolumeClaim for state; without it every run starts with none. */
  stateClaim?: string;
  /** Of jobs that name none: that of this machine. */
  machineZone: string;
  lint: LintJob;
}

/** Below 10 the controller, which looks every 10 seconds, may never start it; a day for a job that is to be made up for. */
const startingDeadline = { none: 300, latest: 86_400 };

/** A CronJob (batch/v1) for each job: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/cron-job-v1/ */
export function renderKubernetes(jobs: readonly ScheduledJob[], settings: KubernetesSettings): Rendered {
  const files: RenderedFile[] = [];
  const refused: RefusedJob[] = [];
  for (const job of jobs) {
    try {
      const name = kubernetesName(job.name);
      const findings = settings.lint(job, 'kubernetes');
      const lines = [...findings.map(findingComment), ...cronJobLines(job, name, settings)];
      files.push({
        name: `${name}.yaml`,
        content: `${ownMark(settings.config)}\n---\n${lines.join('\n')}\n`,
        findings,
      });
    } catch (error) {
      refused.push({ job: job.name, error: itemError(error) });
    }
  }
  return { files, refused };
}

function cronJobLines(job: ScheduledJob, name: string, settings: KubernetesSettings): string[] {
  const { text: schedule } = readCron(job.schedule, scheduleSeed(job.name, settings.namespace ?? ''));
  const { namespace } = settings;
  return [
    'apiVersion: batch/v1',
    'kind: CronJob',
    'metadata:',
    `  name: ${text(name)}`,
    ...(namespace === undefined ? [] : [`  namespace: ${text(namespace)}`]),
    '  labels: { app.kubernetes.io/name: devops, app.kubernetes.io/managed-by: devops }',
    `  annotations: { devops/job: ${text(job.name)} }`,
    'spec:',
    `  schedule: ${text(schedule)}`,
    `  timeZone: ${text(job.timezone ?? settings.machineZone)}`,
    `  concurrencyPolicy: ${job.overlap.kind === 'replace' ? 'Replace' : 'Forbid'}`,
    `  startingDeadlineSeconds: ${startingDeadline[job.catchUp]}`,
    '  successfulJobsHistoryLimit: 3',
    '  failedJobsHistoryLimit: 3',
    '  jobTemplate:',
    '    spec:',
    '      # devops run repeats what is worth it by itself.',
    '      backoffLimit: 0',
    ...deadlineLines(job),
    '      template:',
    '        metadata:',
    '          labels: { app.kubernetes.io/name: devops, app.kubernetes.io/managed-by: devops }',
    ...podLines(job, settings).map((line) => `        ${line}`),
  ];
}

function deadlineLines(job: ScheduledJob): string[] {
  const seconds = secondsOfRun(job);
  return seconds === undefined ? [] : [`      activeDeadlineSeconds: ${Math.ceil(seconds + job.splaySeconds)}`];
}

function podLines(job: ScheduledJob, { image, stateClaim }: KubernetesSettings): string[] {
  return [
    'spec:',
    '  restartPolicy: Never',
    '  automountServiceAccountToken: false',
    `  terminationGracePeriodSeconds: ${Math.ceil(job.killAfterSeconds) + 20}`,
    '  securityContext:',
    '    runAsNonRoot: true',
    '    runAsUser: 65532',
    '    runAsGroup: 65532',
    '    fsGroup: 65532',
    '    seccompProfile: { type: RuntimeDefault }',
    '  containers:',
    '    - name: devops',
    `      image: ${text(image)}`,
    `      command: ["devops", "--config", "/etc/devops/devops.yaml", "run", ${job.splaySeconds > 0 ? '"--splay", ' : ''}${text(job.name)}]`,
    '      env:',
    '        # A folder of its own: that of the volume belongs to root, and others may write into it.',
    '        - { name: STATE_DIRECTORY, value: "/var/lib/devops/state" }',
    '        - { name: HOME, value: "/tmp" }',
    '      # Secrets that devops.yaml takes from the environment.',
    '      envFrom:',
    '        - secretRef: { name: devops-secrets, optional: true }',
    '      # What the job itself needs comes on top.',
    '      resources:',
    '        requests: { cpu: "100m", memory: "128Mi" }',
    '        limits: { memory: "512Mi" }',
    '      securityContext:',
    '        allowPrivilegeEscalation: false',
    '        readOnlyRootFilesystem: true',
    '        capabilities: { drop: ["ALL"] }',
    '      volumeMounts:',
    '        - { name: config, mountPath: /etc/devops, readOnly: true }',
    '        - { name: state, mountPath: /var/lib/devops }',
    '        - { name: temporary, mountPath: /tmp }',
    '  volumes:',
    '    # kubectl create configmap devops-config --from-file=devops.yaml',
    '    - name: config',
    '      configMap: { name: devops-config, defaultMode: 292 }',
    ...stateLines(stateClaim).map((line) => `    ${line}`),
    '    - { name: temporary, emptyDir: {} }',
  ];
}

function stateLines(claim: string | undefined): string[] {
  if (claim !== undefined) return ['- name: state', `  persistentVolumeClaim: { claimName: ${text(claim)} }`];
  return [
    '# Gone after each run, and with it history, reminders and alerts that were not delivered: --state-claim keeps it.',
    '- { name: state, emptyDir: {} }',
  ];
}

/** Text in double quotes, which YAML of every version reads as JSON has it: `on` and `1e3` stay text. */
function text(value: string): string {
  return JSON.stringify(value);
}
