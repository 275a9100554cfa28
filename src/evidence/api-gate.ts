import {type Collected, type Unknown, unknown} from '../engine/collected.ts'

/**
 * One right that many tasks need. When it turns out to be missing that is said once, with how many answers it costs, and nothing more is asked: a thousand
 * refusals say no more than one.
 */
export interface Gate {
  /** So many questions are about to be asked. */
  plan(questions: number): void
  /** The answer; undefined: refused, and said before. */
  through<T>(question: () => Promise<Collected<T>>): Promise<Collected<T> | undefined>
}

/** `what`: `logs (get pods/log in namespace kube-system)`. */
export function gateOf(what: string): Gate {
  let [planned, seen, refused] = [0, 0, false]
  const refusal = ({detail}: Unknown) => unknown('forbidden', `no right to read ${what}: ${planned - seen} of ${planned} are missing; ${detail}`)
  return {
    plan: questions => {
      planned += questions
    },
    async through(question) {
      if (refused) return undefined
      const answer = await question()
      if (answer.known || answer.why !== 'forbidden') {
        seen++
        return answer
      }
      if (refused) return undefined
      refused = true
      return refusal(answer)
    },
  }
}

/** One gate for each namespace, since Roles are given there. */
export function gatesOf(what: (namespace: string) => string): (namespace: string) => Gate {
  const gates = new Map<string, Gate>()
  return namespace => {
    const gate = gates.get(namespace) ?? gateOf(what(namespace))
    gates.set(namespace, gate)
    return gate
  }
}
