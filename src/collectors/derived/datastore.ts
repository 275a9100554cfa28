import type {DatastoreClaim, NodeEnv} from '../../calico/cluster.ts'
import {cniClaim, deploymentClaims, felixClaims, isClaim, nodeClaim} from '../../calico/datastore-claims.ts'
import {primaryDaemonSet} from '../../calico/primary-daemon-set.ts'
import {type Collected, known, unknown, valueOf} from '../../engine/collected.ts'
import {defineDerived} from '../../engine/collector.ts'

/** Must not depend on Calico's resources: where these are read follows from it. */
export default defineDerived({
  source: 'derived/datastore',
  from: ['calicoDaemonSets', 'nodeEnv', 'calicoConfig', 'calicoDeployments', 'installation'],
  facts: {
    datastore({calicoDaemonSets, nodeEnv, calicoConfig, calicoDeployments, installation}) {
      if (!nodeEnv.known) return nodeEnv
      const daemonSet = calicoDaemonSets.known ? primaryDaemonSet(calicoDaemonSets.value) : undefined
      const place = `DaemonSet ${daemonSet?.namespace}/${daemonSet?.name}`
      const own = nodeClaim(nodeEnv.value, place)
      if (!isClaim(own)) return unknown(whyOf(calicoConfig), own.unresolved)
      const others = [
        ...felixClaims(nodeEnv.value, place, own.type),
        ...(valueOf(calicoDeployments) ?? []).flatMap(deployment => deploymentClaims(deployment, calicoConfig)),
        ...(calicoConfig.known ? [cniClaim(calicoConfig.value)] : []),
        ...(installation.known ? [operatorClaim] : []),
      ]
      const said = others.filter(claim => claim !== undefined)
      const unseen = [...emptyEndpoints(nodeEnv.value, own), ...said.flatMap(claim => (isClaim(claim) ? [] : [claim.unresolved]))]
      return known({type: own.type, claims: [own, ...said.filter(isClaim)]}, unseen.length > 0 ? unseen.join('; ') : undefined)
    },
  },
})

const operatorClaim: DatastoreClaim = {component: 'installation', type: 'kubernetes', where: 'Installation default: the operator knows no other'}

const whyOf = (calicoConfig: Collected<unknown>) => (calicoConfig.known || calicoConfig.why === 'absent' ? 'failed' : calicoConfig.why)

/** ETCD_ENDPOINTS decided, and its value, which may be empty, was not seen. */
const emptyEndpoints = ({ETCD_ENDPOINTS: endpoints}: NodeEnv, {where}: DatastoreClaim) =>
  endpoints?.unresolved !== undefined && where.endsWith('env ETCD_ENDPOINTS') ? [`ETCD_ENDPOINTS: ${endpoints.unresolved}`] : []
