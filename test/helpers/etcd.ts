import type {RequestListener} from 'node:http'
import {onTestFinished} from 'vitest'
import {etcdDoor} from '../../src/cluster/etcd-door.ts'
import {type EtcdFlags, etcdSettings} from '../../src/cluster/etcd-settings.ts'
import {answerRange, type EtcdKeys} from '../../src/demo/etcd.ts'
import type {EtcdDoor} from '../../src/engine/collector.ts'

/** Answers as etcd's JSON gateway does. */
export const gateway =
  (keys: EtcdKeys): RequestListener =>
  (request, response) =>
    void answerRange(keys, request, response)

/** Closed after the test. Nothing of this machine's environment gets in. */
export async function doorWith(flags: EtcdFlags = {}, requestTimeoutMs = 5_000): Promise<EtcdDoor> {
  const door = etcdDoor({settings: await etcdSettings(flags, {}), env: {}, signal: new AbortController().signal, requestTimeoutMs})
  onTestFinished(door.close)
  return door
}
