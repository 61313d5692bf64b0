/**
 * Why a question got no answer. `refused`: the server does not take the token, and asking again could lock the sender
 * out. `told`: the API answered with an error of its own, as for an unknown site. `unreadable`: something that is no
 * such answer. `unreachable`: nothing, after several tries.
 */
export type ReportingErrorKind = 'refused' | 'told' | 'unreadable' | 'unreachable';

export class ReportingError extends Error {
  override name = 'ReportingError' as const;
  readonly kind: ReportingErrorKind;
  /** What was asked, for example `Live.getLastVisitsDetails`. */
  readonly method: string;

  constructor(kind: ReportingErrorKind, method: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.method = method;
  }
}
