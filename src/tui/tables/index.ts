import type {TableView} from '../state.ts'
import type {Table} from '../table.ts'
import {capacity} from './capacity.ts'
import {felix} from './felix.ts'
import {findings} from './findings.ts'
import {nodes} from './nodes.ts'
import {peers} from './peers.ts'

export const tables: Readonly<Record<TableView, Table>> = {peers, nodes, felix, capacity, findings}
