import {type Collected, type Unknown, unknown} from '../engine/collected.ts'

/**
 * One right that many tasks need. When it turns out to be missing that is said once, with how many answers it costs, and nothing more is asked: a thousand
 * refusals say no more than one.
 */
export interface Gate {
  /** What is read, and by which right: `logs (get pods/log in namespace kube-system)`. */
  readonly what: string
  /** So many questions are about to be asked. */
  plan(questions: number): void
  /** The answer, `refusal` when it stands for all that are still missing; undefined: refused, and said before. */
  through<T>(question: () => Promise<Collected<T>>): Promise<Passed<T> | undefined>
}
export interface Passed<T> {
  readonly answer: Collected<T>
  readonly refusal: boolean
}

/** A single kubelet may refuse its API server; several refusals in a row are a right that is missing. */
const mostRefusals = 3

function gateOf(what: string): Gate {
  let [planned, seen, refusals, isClosed] = [0, 0, 0, false]
  const closing = (refusal: Unknown) => isOurRight(refusal) || ++refusals >= mostRefusals
  const refusalOf = ({detail}: Unknown) =>
    unknown('forbidden', `refused, so none is asked for any more (${Math.max(1, planned - seen)} are missing): ${detail}`)
  return {
    what,
    plan: questions => {
      planned += questions
    },
    async through(question) {
      if (isClosed) return undefined
      const answer = await question()
      if (answer.known || answer.why !== 'forbidden') refusals = 0
      else if (isClosed) return undefined
      else if (closing(answer)) {
        isClosed = true
        return {answer: refusalOf(answer), refusal: true}
      }
      seen++
      return {answer, refusal: false}
    },
  }
}

/** As the API server words it (apiserver: responsewriters/errors.go), or credentials that ran out. */
const isOurRight = ({detail}: Unknown) => /cannot \w+ resource|: 401 /.test(detail)

/** One gate for each namespace, since Roles are given there. */
export function gatesOf(what: (namespace: string) => string): (namespace: string) => Gate {
  const gates = new Map<string, Gate>()
  return namespace => {
    const gate = gates.get(namespace) ?? gateOf(what(namespace))
    gates.set(namespace, gate)
    return gate
  }
}
