import type {Cluster} from '../engine/collector.ts'
import type {Bounds} from './deadline.ts'
import {execScript} from './exec.ts'
import {getJson, mayWe} from './json-api.ts'
import {listPages} from './list-pages.ts'
import {getText} from './text.ts'
import type {Wire} from './wire.ts'

/** The door to a live cluster: nothing but GET, exec of read commands, and questions about our own rights goes through it. */
export const clusterOver = (wire: Wire, bounds: Bounds): Cluster => ({
  list: (resource, options) => listPages(wire, resource, options, bounds),
  get: path => getJson(wire, path, bounds),
  text: (path, limits) => getText(wire, path, limits),
  can: access => mayWe(wire, access, bounds),
  exec: (target, script, limits) => execScript(wire, target, script, limits),
})
