import type {Collected} from '../engine/collected.ts'
import type {ClusterDescription} from '../engine/describe-cluster.ts'
import type {Missing} from '../engine/examine.ts'
import type {CheckReport, Report} from '../engine/report.ts'

/** The report for machines: names as the cluster has them, nothing shortened. docs/report.schema.json says what is in it. */
export function reportDocument({tool, takenAt, durationMs, source, cluster, summary, coverage, checks}: Report) {
  return {
    apiVersion: 'calico-doctor/v1',
    kind: 'Report',
    tool: {version: tool.version},
    takenAt,
    durationMs,
    source,
    cluster: clusterOf(cluster),
    summary,
    coverage,
    checks: checks.map(checkOf),
  }
}

/** null is never "none": what could not be seen, whole or in part, is in `notSeen` with its cause. */
function clusterOf(cluster: ClusterDescription) {
  const fields = Object.entries<Collected<string | number>>({...cluster})
  return {
    ...Object.fromEntries(fields.map(([field, collected]) => [field, collected.known ? collected.value : null])),
    notSeen: fields.flatMap(([field, collected]) => {
      if (!collected.known) return [{field, why: collected.why, detail: collected.detail}]
      return collected.partial === undefined ? [] : [{field, why: 'failed', detail: `seen in part: ${collected.partial}`}]
    }),
  }
}

function checkOf({id, category, title, status, findings, missing, reason}: CheckReport) {
  return {
    id,
    category,
    title,
    status,
    findings: findings.map(({severity, messageId, message, subjects, args, evidence, fix, verify}) => ({
      severity,
      messageId,
      message,
      subjects,
      args,
      evidence,
      fix,
      ...(verify && {verify}),
    })),
    missing: missing.map(missingOf),
    ...(reason !== undefined && {reason}),
  }
}

const missingOf = ({fact, node, why, detail}: Missing) => ({fact, ...(node !== undefined && {node}), why, detail})
