/** The hit is wrong: it is refused with 400, in a bulk as `invalid`, and the other lines go on. */
export class InvalidHit extends Error {}

/** The server failed at the hit: 400 all the same, but in a bulk 500 and nothing of the body is kept. */
export class BrokenHit extends Error {}
