import type {IncomingMessage, ServerResponse} from 'node:http'
import type {PathAnswer} from './faults.ts'
import {type Asked, handle} from './handle.ts'
import {authorise} from './rbac.ts'
import {type RequestInfo, requestInfo, servedResource} from './request-info.ts'
import {record} from './requests.ts'
import {type Answer, answered, faultAnswer, respond} from './respond.ts'
import type {ServerOptions} from './server.ts'
import {signedIn} from './sign-in.ts'
import {serveWatch, type Watch, watchOf} from './watch.ts'

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
      return isWatch(info) ? watch(options, asked) : handle(state, asked)
    })
  seen.status = 'events' in answer ? 200 : answer.code
  if ('events' in answer) serveWatch(answer, response)
  else await respond(request, response, answer, fault)
}

const spoilt = (fault: PathAnswer | undefined) => (fault === undefined ? undefined : faultAnswer(fault))
const isWatch = ({verb, resource}: RequestInfo) => verb === 'watch' && resource !== ''

function watch({state}: ServerOptions, {info, user, accept}: Asked): Watch {
  authorise(user, info)
  return watchOf(state, servedResource(state.resources, info), info, accept)
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
