import type {IncomingMessage, ServerResponse} from 'node:http'
import type {ApiResource} from './api-resources.ts'
import type {PathAnswer} from './faults.ts'
import {authorise, handle} from './handle.ts'
import {findResource, type RequestInfo, requestInfo} from './request-info.ts'
import {record} from './requests.ts'
import {type Answer, answered, faultAnswer, respond} from './respond.ts'
import type {ServerOptions} from './server.ts'
import {signedIn} from './sign-in.ts'
import {noSuchPath} from './status.ts'
import {serveWatch} from './watch.ts'

type Watch = {readonly watch: ApiResource}

/** One plain request, from the request line to the last byte: faults first, as they would be met on the way to the server. */
export async function serveRequest(request: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  const {state, faults, requests} = options
  const url = request.url ?? '/'
  const info = requestInfo(request.method ?? 'GET', url)
  const seen = record(info)
  requests.push(seen)
  response.on('error', () => response.destroy())
  const body = await bodyOf(request)
  const fault = faults.onPath(url)
  if (fault === 'stall') return
  const answer =
    spoilt(fault) ??
    answered((): Answer | Watch => {
      const user = signedIn(request.headers, options.users)
      seen.user = user.name
      const asked = {info, user, accept: request.headers.accept, body}
      return isWatch(info) ? watchOf(options, asked) : handle(state, asked)
    })
  seen.status = 'watch' in answer ? 200 : answer.code
  if ('watch' in answer) serveWatch(state, answer.watch, info, request.headers.accept, response)
  else await respond(request, response, answer, fault)
}

const spoilt = (fault: PathAnswer | undefined) => (fault === undefined ? undefined : faultAnswer(fault))
const isWatch = ({verb, resource}: RequestInfo) => verb === 'watch' && resource !== ''

function watchOf({state}: ServerOptions, {info, user}: Parameters<typeof handle>[1]): Watch {
  authorise(user, info)
  const watch = findResource(state.resources, info)
  if (!watch) throw noSuchPath()
  return {watch}
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request) chunks.push(chunk)
  } catch {
    // The client went away: nobody waits for an answer to what it did not finish asking.
  }
  return Buffer.concat(chunks).toString()
}
