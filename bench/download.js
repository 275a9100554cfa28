// The reference: nodes, pods and Calico's lists as plain paged JSON over one kept connection, parsed and thrown away.
import {readFileSync} from 'node:fs'
import {Agent, get} from 'node:https'
import {load} from 'js-yaml'

const {clusters, users} = load(readFileSync(process.env.KUBECONFIG, 'utf8'))
const {server, 'certificate-authority-data': ca} = clusters[0].cluster
const agent = new Agent({keepAlive: true, ca: Buffer.from(ca, 'base64')})
const headers = {authorization: `Bearer ${users[0].user.token}`, accept: 'application/json'}
const calico = ['ippools', 'bgppeers', 'bgpconfigurations', 'felixconfigurations', 'clusterinformations', 'ipamblocks', 'ipamhandles', 'blockaffinities']

const page = path =>
  new Promise((resolve, reject) => {
    get(`${server}${path}`, {agent, headers}, response => {
      const chunks = []
      response.on('data', chunk => chunks.push(chunk)).on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString())))
    }).on('error', reject)
  })

let items = 0
for (const path of ['/api/v1/nodes', '/api/v1/pods', ...calico.map(plural => `/apis/crd.projectcalico.org/v1/${plural}`)]) {
  let token = ''
  do {
    const list = await page(`${path}?limit=500${token && `&continue=${encodeURIComponent(token)}`}`)
    items += list.items?.length ?? 0
    token = list.metadata?.continue ?? ''
  } while (token)
}
console.log(items)
agent.destroy()
