/** The same function, that makes its last answer once: for what is drawn ten times a second from state that changed once. Arguments are compared by identity. */
export function remember<A extends readonly unknown[], R>(make: (...given: A) => R): (...given: A) => R {
  let last: {readonly given: A; readonly made: R} | undefined
  return (...given) => {
    if (!last || given.length !== last.given.length || given.some((value, index) => value !== last!.given[index])) last = {given, made: make(...given)}
    return last.made
  }
}

/** One answer for each object as long as the object is there. */
export function rememberEach<K extends object, R>(make: (of: K) => R): (of: K) => R {
  const made = new WeakMap<K, R>()
  return of => {
    const known = made.get(of)
    if (known !== undefined) return known
    const fresh = make(of)
    made.set(of, fresh)
    return fresh
  }
}
